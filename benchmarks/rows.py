"""The rows of an installation, as SQL: units, people, tickets, and everything that became of them.

Everything follows from a company's rank, a row's number and dice that always fall the same way;
only the moments move with the `anchor`, the hour at which the world is made. Each statement is
run by several workers, each taking every n-th row (`part` of `parts`).
"""

SET_UP = """
CREATE SCHEMA bench;
CREATE FUNCTION bench.id(at timestamptz, seed text) RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0')
        || '7' || substr(md5(seed), 1, 3) || '8' || substr(md5(seed), 4, 15))::uuid
$$;
CREATE FUNCTION bench.dice(number bigint, throw bigint) RETURNS double precision
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT (hashint8extended(number, throw) & 2147483647) / 2147483648.0
$$;
CREATE TABLE bench.company (
    rank int, company_id uuid, tickets int, units int, technicians int, communities int);
CREATE TABLE bench.ticket (
    rank int, company_id uuid, n int, part int, id uuid, key text, created_at timestamptz,
    status text, due_at timestamptz, accepted_at timestamptz, resolved_at timestamptz,
    closed_at timestamptz, community_id uuid, unit_id uuid, owner_id uuid, member_id uuid,
    desk_id uuid, assignee_id uuid, category int, score int);
"""
# Big and needed only here: no journal, and read once per statement.
UNLOGGED = "ALTER TABLE bench.ticket SET UNLOGGED"

LISTS = """
CREATE TABLE bench.category AS SELECT company_id, id, kind, urgency, department_id,
    (row_number() OVER (PARTITION BY company_id ORDER BY position, id) - 1)::int AS n
    FROM complaints_category;
CREATE TABLE bench.department AS SELECT company_id, id, position FROM tenancy_department;
ANALYZE bench.company; ANALYZE bench.category; ANALYZE bench.department;
"""

# --- people and places: run once, by one worker ---

STAFF = """
CREATE TABLE bench.member AS
SELECT c.rank, c.company_id, each.key, each.role, each.department,
    bench.id(%(seed)s, c.rank || ':m:' || each.key) AS id,
    bench.id(%(seed)s, c.rank || ':u:' || each.key) AS user_id
FROM bench.company c CROSS JOIN LATERAL (
    SELECT 'manager', 'manager', NULL::int
    UNION ALL SELECT 'desk', 'desk', 0
    UNION ALL SELECT 'supervisor' || n, 'supervisor', n FROM generate_series(0, 4) n
    UNION ALL SELECT 'technician' || n, 'technician', 1 FROM generate_series(1, c.technicians) n
    UNION ALL SELECT 'owner' || n, 'owner', NULL FROM generate_series(1, c.units) n
        WHERE n %% 10 < 3
) AS each (key, role, department)
"""
USERS = """
INSERT INTO tenancy_user (id, username, password, is_superuser, is_staff, is_active, first_name,
    last_name, email, date_joined, name, phone, phone_verified, language)
SELECT user_id, key || '@' || rank, '!', false, false, true, '', '', key || '@bench.invalid',
    %(seed)s, key, '', false, '' FROM bench.member
"""
MEMBERS = """
INSERT INTO tenancy_membership
    (company_id, id, user_id, name, roles, all_communities, is_active, joined_at)
SELECT company_id, id, user_id, key, ARRAY[role], true, true, %(seed)s FROM bench.member
"""
PLACES_IN_DEPARTMENTS = """
INSERT INTO tenancy_departmentmember (company_id, id, department_id, membership_id, is_supervisor)
SELECT m.company_id, bench.id(%(seed)s, m.rank || ':dm:' || m.key), d.id, m.id,
    m.role = 'supervisor'
FROM bench.member m JOIN bench.department d
    ON d.company_id = m.company_id AND d.position = m.department
"""
COMMUNITIES = """
INSERT INTO tenancy_community (company_id, id, name, address, hotline, is_active)
SELECT c.company_id, bench.id(%(seed)s, c.rank || ':c:' || n), '小区' || n, '', '', true
FROM bench.company c, generate_series(0, c.communities - 1) n
"""
BUILDINGS = """
INSERT INTO owners_building (company_id, id, community_id, name, position, is_active)
SELECT c.company_id, bench.id(%(seed)s, c.rank || ':b:' || n),
    bench.id(%(seed)s, c.rank || ':c:' || n %% c.communities), n || '栋', n, true
FROM bench.company c, generate_series(0, c.units / 120) n
"""
UNITS = """
INSERT INTO owners_unit (company_id, id, building_id, community_id, number, floor, area, label,
    is_active)
SELECT c.company_id, bench.id(%(seed)s, c.rank || ':h:' || n),
    bench.id(%(seed)s, c.rank || ':b:' || n / 120),
    bench.id(%(seed)s, c.rank || ':c:' || (n / 120) %% c.communities),
    n::text, n %% 30, 89.5, (n / 120) || '栋' || n, true
FROM bench.company c, generate_series(1, c.units) n
"""
OWNERS = """
INSERT INTO owners_owner (company_id, id, name, phone, phone_index, phone_tail_index, id_number,
    id_number_index, email, search_text, sort_key, created_at, membership_id)
SELECT c.company_id, bench.id(%(seed)s, c.rank || ':o:' || n), '业主' || n, '', md5(n::text),
    md5((n %% 10000)::text), '', '', '', '业主' || n || ' yezhu' || n, 'yezhu' || n, %(seed)s,
    CASE WHEN n %% 10 < 3 THEN bench.id(%(seed)s, c.rank || ':m:owner' || n) END
FROM bench.company c, generate_series(1, c.units) n
"""
OWNERSHIPS = """
INSERT INTO owners_ownership (company_id, id, owner_id, unit_id, role)
SELECT c.company_id, bench.id(%(seed)s, c.rank || ':w:' || n),
    bench.id(%(seed)s, c.rank || ':o:' || n), bench.id(%(seed)s, c.rank || ':h:' || n), 'owner'
FROM bench.company c, generate_series(1, c.units) n
"""
ONCE = [STAFF, USERS, MEMBERS, PLACES_IN_DEPARTMENTS, COMMUNITIES, BUILDINGS, UNITS, OWNERS,
        OWNERSHIPS]  # fmt: skip

# --- tickets: the last tenth of each company's is still active, the rest closed over a year ---

DRAFTS = """
INSERT INTO bench.ticket
SELECT c.rank, c.company_id, n, %(part)s, bench.id(made.at, c.rank || ':t:' || n),
    c.rank || ':' || n || ':', made.at, status.name,
    CASE WHEN recent THEN greatest(made.at + interval '1 hour',
        %(anchor)s + (bench.dice(d.key, 3) * 20 - 3) * interval '1 day')
        ELSE made.at + interval '3 days' END,
    CASE WHEN status.name <> 'new'
        THEN made.at + (5 + 50 * bench.dice(d.key, 4)) * interval '1 minute' END,
    solved.at, CASE WHEN status.name = 'closed' THEN solved.at + interval '20 hours' END,
    bench.id(%(seed)s, c.rank || ':c:' || (h.unit / 120) %% c.communities),
    bench.id(%(seed)s, c.rank || ':h:' || h.unit), bench.id(%(seed)s, c.rank || ':o:' || h.unit),
    CASE WHEN h.unit %% 10 < 3 THEN bench.id(%(seed)s, c.rank || ':m:owner' || h.unit) END,
    bench.id(%(seed)s, c.rank || ':m:desk'),
    CASE WHEN status.name <> 'new'
        THEN bench.id(%(seed)s, c.rank || ':m:technician' || 1 + n %% c.technicians) END,
    (bench.dice(d.key, 5) * 33)::int %% 33,
    CASE WHEN status.name = 'closed' AND bench.dice(d.key, 6) < 0.35
        THEN 3 + (bench.dice(d.key, 7) * 2)::int END
FROM bench.company c
CROSS JOIN generate_series(1 + %(part)s, c.tickets, %(parts)s) n
CROSS JOIN LATERAL (SELECT c.rank * 10000000::bigint + n AS key) d
CROSS JOIN LATERAL (SELECT 1 + (bench.dice(d.key, 1) * c.units)::int %% c.units AS unit) h
CROSS JOIN LATERAL (SELECT n > c.tickets * 0.9 AS recent) AS age
CROSS JOIN LATERAL (SELECT %(anchor)s - bench.dice(d.key, 2) * interval '10 minutes' - CASE
    WHEN recent THEN interval '25 days' * (1 - (n - c.tickets * 0.9) / (c.tickets * 0.1))
    ELSE interval '26 days' + interval '339 days' * (1 - n / (c.tickets * 0.9)) END AS at) made
CROSS JOIN LATERAL (SELECT CASE WHEN NOT recent THEN 'closed'
    WHEN bench.dice(d.key, 8) < 0.15 THEN 'new' WHEN bench.dice(d.key, 8) < 0.80 THEN 'accepted'
    WHEN bench.dice(d.key, 8) < 0.90 THEN 'paused' ELSE 'resolved' END AS name) status
CROSS JOIN LATERAL (SELECT CASE WHEN status.name IN ('resolved', 'closed') THEN made.at + CASE
    WHEN bench.dice(d.key, 9) > 0.95 THEN interval '5 days'
    ELSE (2 + 60 * bench.dice(d.key, 9)) * interval '1 hour' END END AS at) solved
"""
TICKETS = """
INSERT INTO complaints_ticket (company_id, id, number, kind, category_id, urgency, source, title,
    description, search_text, community_id, unit_id, owner_id, filed_by_id, department_id,
    assignee_id, status, cycle, solution, created_at, accepted_at, resolved_at, closed_at,
    next_due_at)
SELECT t.company_id, t.id, to_char(t.created_at, 'YYMMDD') || 'G' || t.n, k.kind, k.id, k.urgency,
    'phone', '三号楼电梯又停了 ' || t.n, words, '三号楼电梯又停了 ' || t.n || ' ' || words,
    t.community_id, t.unit_id, t.owner_id, t.desk_id, k.department_id, t.assignee_id, t.status, 1,
    CASE WHEN t.resolved_at IS NULL THEN '' ELSE '更换主板，试运行两小时正常。' END,
    t.created_at, t.accepted_at, t.resolved_at, t.closed_at,
    CASE WHEN t.status IN ('new', 'accepted', 'resolved') THEN t.due_at END
FROM bench.ticket t JOIN bench.category k ON k.company_id = t.company_id AND k.n = t.category
CROSS JOIN (
    VALUES ('今天早上开始，电梯停在一楼不动，老人上下楼不方便，请尽快派人来看。')) AS said (words)
WHERE t.part = %(part)s ORDER BY t.created_at
"""
# The promises of a ticket as rows; what the machine still has to do follows from them.
PROMISES = """
FROM bench.ticket t CROSS JOIN LATERAL (VALUES
    ('acceptance', 60, 'working_minutes', t.created_at,
        CASE t.status WHEN 'new' THEN t.due_at ELSE t.created_at + interval '1 hour' END,
        t.accepted_at, NULL::timestamptz),
    ('callback', 1, 'working_days', t.created_at,
        CASE t.status WHEN 'new' THEN t.due_at + interval '6 hours'
            ELSE t.created_at + interval '1 day' END,
        t.accepted_at + interval '2 hours', NULL),
    ('resolution', 3, 'working_days', t.created_at,
        CASE t.status WHEN 'new' THEN t.due_at + interval '2 days'
            WHEN 'resolved' THEN t.created_at + interval '3 days' ELSE t.due_at END,
        t.resolved_at,
        CASE t.status WHEN 'paused' THEN t.accepted_at + interval '3 hours' END),
    ('follow_up', 1, 'working_days', t.resolved_at,
        CASE t.status WHEN 'resolved' THEN t.due_at ELSE t.resolved_at + interval '1 day' END,
        t.closed_at, NULL)
) AS d (promise, amount, measure, starts_at, due_at, met_at, paused_at)
CROSS JOIN LATERAL (SELECT d.met_at IS NULL AND d.paused_at IS NULL AS running,
    bench.id(t.created_at, t.key || d.promise) AS id) AS this
WHERE t.part = %(part)s AND d.starts_at IS NOT NULL
"""
DEADLINES = f"""
INSERT INTO complaints_deadline (company_id, id, ticket_id, promise, cycle, amount, measure,
    starts_at, due_at, explanation, met_at, paused_at, next_level, next_action_at, last_error)
SELECT t.company_id, this.id, t.id, d.promise, 1, d.amount, d.measure,
    least(d.starts_at, d.due_at), d.due_at, '{{}}', d.met_at, d.paused_at,
    CASE WHEN this.running THEN
        CASE WHEN d.due_at > %(anchor)s + interval '2 hours' THEN 0
            WHEN d.due_at > %(anchor)s THEN 1 ELSE 4 END
        WHEN d.met_at > d.due_at THEN 2 ELSE 0 END,
    CASE WHEN this.running THEN
        CASE WHEN d.due_at > %(anchor)s + interval '2 hours' THEN d.due_at - interval '2 hours'
            WHEN d.due_at > %(anchor)s THEN d.due_at END END,
    ''
{PROMISES} ORDER BY t.created_at
"""
ESCALATIONS = f"""
INSERT INTO complaints_escalation
    (company_id, id, deadline_id, ticket_id, level, planned_at, taken_at, told)
SELECT t.company_id, bench.id(d.due_at, t.key || d.promise || level), this.id, t.id, level,
    d.due_at + level * interval '1 hour', d.due_at + level * interval '1 hour', '[]'
{PROMISES.replace("WHERE", "CROSS JOIN generate_series(0, 3) AS level WHERE", 1)}
    AND CASE WHEN this.running THEN d.due_at <= %(anchor)s
        ELSE d.met_at > d.due_at AND level < 2 END
"""
EVENTS = """
INSERT INTO complaints_ticketevent (company_id, id, ticket_id, kind, at, by_id, via, address, data)
SELECT t.company_id, bench.id(e.at, t.key || e.kind), t.id, e.kind, e.at, e.by_id, 'page',
    '127.0.0.1', '{}'
FROM bench.ticket t CROSS JOIN LATERAL (VALUES
    ('filed', t.created_at, t.desk_id),
    ('accepted', t.accepted_at, t.assignee_id),
    ('called_back', t.accepted_at + interval '2 hours', t.desk_id),
    ('paused', CASE t.status WHEN 'paused' THEN t.accepted_at + interval '3 hours' END,
        t.assignee_id),
    ('resolved', t.resolved_at, t.assignee_id),
    ('closed', t.closed_at, t.desk_id)
) AS e (kind, at, by_id)
WHERE t.part = %(part)s AND e.at IS NOT NULL ORDER BY t.created_at
"""
CALLBACKS = """
INSERT INTO complaints_callback (company_id, id, ticket_id, outcome, note, by_id, at)
SELECT company_id, bench.id(created_at, key || 'call'), id, 'reached_satisfied', '已致电说明',
    desk_id, accepted_at + interval '2 hours'
FROM bench.ticket WHERE part = %(part)s AND accepted_at IS NOT NULL
"""
PAUSES = """
INSERT INTO complaints_pause (company_id, id, ticket_id, reason, note, started_at, by_id)
SELECT company_id, bench.id(created_at, key || 'pause'), id, 'part', '等配件',
    accepted_at + interval '3 hours', assignee_id
FROM bench.ticket WHERE part = %(part)s AND status = 'paused'
"""
RATINGS = """
INSERT INTO complaints_rating (company_id, id, ticket_id, cycle, score, comment, fixed, by_id, at)
SELECT company_id, bench.id(created_at, key || 'rate'), id, 1, score, '', true,
    coalesce(member_id, desk_id), closed_at
FROM bench.ticket WHERE part = %(part)s AND score IS NOT NULL
"""
NOTIFICATIONS = """
INSERT INTO notifications_notification
    (company_id, id, recipient_id, kind, message, params, path, dedupe_key, created_at, read_at)
SELECT company_id, bench.id(created_at, key || 'told'), member_id, 'progress',
    'We have received %%(number)s.', jsonb_build_object('number', n), '/', id || ':filed',
    created_at, created_at
FROM bench.ticket WHERE part = %(part)s AND member_id IS NOT NULL
"""
DELIVERIES = """
INSERT INTO notifications_delivery (company_id, id, notification_id, channel, state, attempts,
    last_error, sent_at, created_at)
SELECT company_id, bench.id(created_at, key || 'sent'), bench.id(created_at, key || 'told'),
    'email', 'sent', 1, '', created_at, created_at
FROM bench.ticket WHERE part = %(part)s AND member_id IS NOT NULL
"""
IN_PARTS = [TICKETS, DEADLINES, ESCALATIONS, EVENTS, CALLBACKS, PAUSES, RATINGS, NOTIFICATIONS,
            DELIVERIES]  # fmt: skip
FILLED = [
    "tenancy_user", "tenancy_membership", "tenancy_departmentmember", "tenancy_community",
    "owners_building", "owners_unit", "owners_owner", "owners_ownership", "complaints_ticket",
    "complaints_deadline", "complaints_escalation", "complaints_ticketevent",
    "complaints_callback", "complaints_pause", "complaints_rating", "notifications_notification",
    "notifications_delivery",
]  # fmt: skip
