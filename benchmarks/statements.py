"""The same work in bare SQL, written by hand: what the portal is held against.

Run as the owner's role, which row security does not concern, with the company in every
statement.
"""

OPEN = "('new', 'accepted', 'paused')"
ACTIVE = "('new', 'accepted', 'paused', 'resolved')"

# The API's list: fifty open tickets in the order of their deadlines, each as JSON with its
# deadlines and the names of what it refers to; a 51st row says whether there are more.
API_LIST = f"""
SELECT json_build_object('id', t.id, 'number', t.number, 'status', t.status, 'kind', t.kind,
    'urgency', t.urgency, 'title', t.title, 'cycle', t.cycle, 'created_at', t.created_at,
    'accepted_at', t.accepted_at, 'resolved_at', t.resolved_at, 'closed_at', t.closed_at,
    'urged_at', t.urged_at, 'next_due_at', t.next_due_at, 'category', t.category_id,
    'community', t.community_id, 'unit', t.unit_id, 'owner', t.owner_id,
    'department', t.department_id, 'assignee', t.assignee_id, 'channel', t.source,
    'complaint_class', k.complaint_class, 'category_name', k.name, 'unit_label', u.label,
    'owner_name', o.name, 'assignee_name', m.name, 'late', t.next_due_at < now(),
    'deadlines', d.deadlines)::text
FROM (SELECT * FROM complaints_ticket WHERE company_id = %(company)s AND status IN {OPEN}
    ORDER BY next_due_at, id LIMIT 51) t
JOIN complaints_category k ON k.company_id = %(company)s AND k.id = t.category_id
LEFT JOIN owners_unit u ON u.company_id = %(company)s AND u.id = t.unit_id
LEFT JOIN owners_owner o ON o.company_id = %(company)s AND o.id = t.owner_id
LEFT JOIN tenancy_membership m ON m.company_id = %(company)s AND m.id = t.assignee_id
CROSS JOIN LATERAL (SELECT json_agg(json_build_object('promise', d.promise, 'cycle', d.cycle,
    'due_at', d.due_at, 'met_at', d.met_at, 'breached_at', CASE WHEN d.due_at < coalesce(d.met_at,
    d.dropped_at, d.paused_at, now()) THEN d.due_at END, 'paused', d.paused_at IS NOT NULL,
    'dropped_at', d.dropped_at, 'retry_at', d.retry_at) ORDER BY d.cycle, d.due_at, d.id)
    AS deadlines FROM complaints_deadline d
    WHERE d.company_id = %(company)s AND d.ticket_id = t.id) d
ORDER BY t.next_due_at, t.id
"""
# The least anybody could ask: one table, one index, fifty rows.
ONE_TABLE = f"""
SELECT id, number, kind, urgency, status, title, next_due_at, created_at, assignee_id
FROM complaints_ticket WHERE company_id = %(company)s AND status IN {OPEN}
ORDER BY next_due_at, id LIMIT 50
"""
# The queue page: the rows with their names, then the promise of each that falls due next.
QUEUE_ROWS = f"""
SELECT t.id, t.number, t.title, t.kind, t.urgency, t.source, t.status, t.cycle, t.created_at,
    t.urged_at, t.next_due_at, t.assignee_id, k.name, k.name_en, u.label, c.name, o.name, d.name,
    m.name
FROM (SELECT * FROM complaints_ticket WHERE company_id = %(company)s AND status IN {ACTIVE}
    ORDER BY next_due_at, id LIMIT 51) t
JOIN complaints_category k ON k.company_id = %(company)s AND k.id = t.category_id
JOIN tenancy_community c ON c.company_id = %(company)s AND c.id = t.community_id
LEFT JOIN owners_unit u ON u.company_id = %(company)s AND u.id = t.unit_id
LEFT JOIN owners_owner o ON o.company_id = %(company)s AND o.id = t.owner_id
LEFT JOIN tenancy_department d ON d.company_id = %(company)s AND d.id = t.department_id
LEFT JOIN tenancy_membership m ON m.company_id = %(company)s AND m.id = t.assignee_id
ORDER BY t.next_due_at, t.id
"""
QUEUE_PROMISES = """
SELECT ticket_id, promise, due_at FROM complaints_deadline
WHERE company_id = %(company)s AND ticket_id = ANY(%(tickets)s) AND met_at IS NULL
AND dropped_at IS NULL AND paused_at IS NULL ORDER BY due_at DESC
"""

# A new ticket: its number, itself, three deadlines, the first event, word to the owner, an e-mail.
NEXT_NUMBER = """
INSERT INTO tenancy_counter AS c (company_id, id, name, value)
VALUES (%(company)s, gen_random_uuid(), %(counter)s, 1)
ON CONFLICT (company_id, name) DO UPDATE SET value = c.value + 1 RETURNING value
"""
NEW_TICKET = """
INSERT INTO complaints_ticket (company_id, id, number, kind, category_id, urgency, source, title,
    description, search_text, community_id, unit_id, owner_id, filed_by_id, department_id, status,
    cycle, solution, created_at, next_due_at)
VALUES (%(company)s, %(ticket)s, %(number)s, %(kind)s, %(category)s, %(urgency)s, 'phone',
    %(title)s, %(description)s, %(description)s, %(community)s, %(unit)s, %(owner)s, %(desk)s,
    %(department)s, 'new', 1, '', now(), now() + interval '1 hour')
"""
NEW_DEADLINES = """
INSERT INTO complaints_deadline (company_id, id, ticket_id, promise, cycle, amount, measure,
    starts_at, due_at, explanation, next_level, next_action_at, last_error)
SELECT %(company)s, gen_random_uuid(), %(ticket)s, promise, 1, amount, measure, now(), now() + span,
    %(explanation)s::jsonb, 0, now() + span / 2, ''
FROM (VALUES ('acceptance', 60, 'working_minutes', interval '1 hour'),
    ('callback', 1, 'working_days', interval '1 day'),
    ('resolution', 3, 'working_days', interval '3 days')) AS v (promise, amount, measure, span)
"""
NEW_EVENT = """
INSERT INTO complaints_ticketevent (company_id, id, ticket_id, kind, at, by_id, via, address, data)
VALUES (%(company)s, gen_random_uuid(), %(ticket)s, 'filed', now(), %(desk)s, 'api', '127.0.0.1',
    %(params)s::jsonb)
"""
NEW_NOTIFICATION = """
INSERT INTO notifications_notification
    (company_id, id, recipient_id, kind, message, params, path, dedupe_key, created_at)
VALUES (%(company)s, %(told)s, %(member)s, 'progress', 'We have received %%(number)s.',
    %(params)s::jsonb, '/', %(ticket)s || ':filed', now())
"""
NEW_DELIVERY = """
INSERT INTO notifications_delivery (company_id, id, notification_id, channel, state, attempts,
    next_attempt_at, last_error, created_at)
VALUES (%(company)s, gen_random_uuid(), %(told)s, 'email', 'waiting', 0, now(), '', now())
"""
WRITES = (NEW_TICKET, NEW_DEADLINES, NEW_EVENT, NEW_NOTIFICATION, NEW_DELIVERY)

# Which companies have something due, and one batch of one company: claim, record, tell, move on.
COMPANIES_DUE = """
SELECT DISTINCT company_id FROM complaints_deadline WHERE next_action_at <= %(now)s
"""
ENFORCE_BATCH = """
WITH due AS (
    SELECT d.id, d.ticket_id, d.promise, d.due_at, d.next_level, t.number, t.title,
        array_remove(ARRAY[t.assignee_id] || coalesce((SELECT array_agg(p.membership_id)
            FROM tenancy_departmentmember p WHERE p.company_id = t.company_id
            AND p.department_id = t.department_id AND p.is_supervisor), '{}'), NULL) AS told
    FROM complaints_deadline d JOIN complaints_ticket t
        ON t.company_id = d.company_id AND t.id = d.ticket_id
    WHERE d.company_id = %(company)s AND d.next_action_at <= %(now)s
    ORDER BY d.next_action_at LIMIT %(batch)s FOR NO KEY UPDATE OF d SKIP LOCKED
), steps AS (
    INSERT INTO complaints_escalation
        (company_id, id, deadline_id, ticket_id, level, planned_at, taken_at, told)
    SELECT %(company)s, gen_random_uuid(), id, ticket_id, next_level, due_at, %(now)s,
        to_jsonb(told) FROM due
    ON CONFLICT (company_id, deadline_id, level) DO NOTHING RETURNING deadline_id
), events AS (
    INSERT INTO complaints_ticketevent
        (company_id, id, ticket_id, kind, at, via, address, data)
    SELECT %(company)s, gen_random_uuid(), ticket_id, 'breached', %(now)s, 'machine', '',
        jsonb_build_object('promise', promise, 'level', next_level, 'due_at', due_at,
            'told', to_jsonb(told)) FROM due
), lines AS (
    INSERT INTO notifications_notification
        (company_id, id, recipient_id, kind, message, params, path, dedupe_key, created_at)
    SELECT %(company)s, gen_random_uuid(), member, 'escalation', '%%(number)s was due.',
        jsonb_build_object('number', number, 'title', title, 'due_at', due_at), '/',
        'escalation:' || id || ':' || next_level, %(now)s
    FROM due, LATERAL (SELECT DISTINCT unnest(told) AS member) AS each
    ON CONFLICT (company_id, recipient_id, dedupe_key) DO NOTHING RETURNING id
), departures AS (
    INSERT INTO notifications_delivery (company_id, id, notification_id, channel, state,
        attempts, next_attempt_at, last_error, created_at)
    SELECT %(company)s, gen_random_uuid(), id, 'email', 'waiting', 0, %(now)s, '', %(now)s
    FROM lines
), moved AS (
    UPDATE complaints_deadline d SET next_level = due.next_level + 1,
        next_action_at = %(now)s + interval '2 hours'
    FROM due WHERE d.company_id = %(company)s AND d.id = due.id
)
SELECT count(*), (SELECT count(*) FROM steps) FROM due
"""
