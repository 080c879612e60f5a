"""The dashboard's answer by a plain scan, written by hand: what kept figures are held against."""

PROMISES = ("acceptance", "callback", "resolution", "follow_up")
BROKEN = ", ".join(
    f"bool_or(promise = '{each}' AND due_at < coalesce(met_at, dropped_at, paused_at, %(now)s))"
    f" AS {each}_broken, bool_or(promise = '{each}' AND met_at IS NOT NULL) AS {each}_met"
    for each in PROMISES
)
FATES = ", ".join(
    f"count(*) FILTER (WHERE {each}_met AND NOT {each}_broken)::int,"
    f" count(*) FILTER (WHERE {each}_broken)::int"
    for each in PROMISES
)
NONE = "'00000000-0000-0000-0000-000000000000'::uuid"
# Three tables read from end to end and joined by hashes; then counted by six things at once.
PLAIN_SCAN = f"""
WITH promises AS (
    SELECT ticket_id, {BROKEN} FROM complaints_deadline
    WHERE company_id = %(company)s GROUP BY ticket_id
), verdicts AS (
    SELECT DISTINCT ON (ticket_id) ticket_id, score FROM complaints_rating
    WHERE company_id = %(company)s ORDER BY ticket_id, cycle DESC
), tickets AS (
    SELECT t.status IN ('resolved', 'closed') AS done, t.status, t.cycle, t.owner_id, v.score, p.*,
        t.community_id AS community, t.category_id AS category,
        coalesce(t.department_id, {NONE}) AS department,
        coalesce(u.building_id, {NONE}) AS building, coalesce(t.assignee_id, {NONE}) AS person,
        (t.created_at AT TIME ZONE %(zone)s)::date AS day
    FROM complaints_ticket t
    LEFT JOIN owners_unit u ON u.company_id = %(company)s AND u.id = t.unit_id
    LEFT JOIN promises p ON p.ticket_id = t.id
    LEFT JOIN verdicts v ON v.ticket_id = t.id
    WHERE t.company_id = %(company)s AND t.created_at >= %(from)s AND t.created_at < %(until)s
)
SELECT CASE WHEN grouping(community) = 0 THEN 'community' WHEN grouping(category) = 0
    THEN 'category' WHEN grouping(department) = 0 THEN 'department' WHEN grouping(building) = 0
    THEN 'building' WHEN grouping(person) = 0 THEN 'person' ELSE 'day' END,
    coalesce(community::text, category::text, department::text, building::text, person::text,
        day::text),
    count(*)::int, count(*) FILTER (WHERE done)::int,
    count(*) FILTER (WHERE status = 'closed')::int, count(*) FILTER (WHERE cycle > 1)::int,
    count(*) FILTER (WHERE done AND owner_id IS NOT NULL OR score IS NOT NULL)::int,
    count(score)::int, count(*) FILTER (WHERE score < 3)::int, coalesce(sum(score), 0)::int, {FATES}
FROM tickets
GROUP BY GROUPING SETS ((community), (category), (department), (building), (person), (day))
"""
