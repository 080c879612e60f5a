"""The one definition of what is counted, as SQL; kept and live figures both come from it.

`FACTS` looks at single tickets: what is so, whatever the clock says. `CLOCK` adds what time alone
has made true since: promises that nobody has kept, and that have fallen due.
"""

from complaints.models import PromiseKind
from complaints.models.figure import COUNTED, NONE
from complaints.models.kinds import OWN

PROMISES = PromiseKind.values
COLUMNS = ", ".join(COUNTED)
FATED = ("kept", "missed")
SUMS = ", ".join(f"sum({name})::int AS {name}" for name in COUNTED)


# Of each promise of a ticket: was it broken in any round, was it kept in any? A promise still owed
# counts as broken at a moment from then on; at -infinity nothing ever falls due.
def broken(promise: str, moment: str) -> str:
    """Whether a deadline is one of this promise that was, or is by then, broken."""
    ended = f"coalesce(d.met_at, d.dropped_at, d.paused_at, {moment})"
    return f"d.promise = '{promise}' AND d.due_at < {ended}"


NEVER, BY_NOW = "'-infinity'", "%(now)s"
FATES = ", ".join(
    f"bool_or({broken(each, NEVER)}) AS {each}_broken, "
    f"bool_or(d.promise = '{each}' AND d.met_at IS NOT NULL) AS {each}_met"
    for each in PROMISES
)
NOW_BROKEN = ", ".join(f"bool_or({broken(each, BY_NOW)}) AS {each}_broken_now" for each in PROMISES)
OF_TICKET = "FROM complaints_deadline d WHERE d.company_id = t.company_id AND d.ticket_id = t.id"
KEPT_AND_MISSED = ", ".join(
    f"({each}_met IS TRUE AND {each}_broken IS NOT TRUE)::int AS {each}_kept, "
    f"({each}_broken IS TRUE)::int AS {each}_missed"
    for each in PROMISES
)
# What the clock adds: broken now, and not before.
ADDED = ", ".join(
    f"-({each}_met IS TRUE AND {each}_broken IS NOT TRUE AND {each}_broken_now IS TRUE)"
    f"::int AS {each}_kept, "
    f"({each}_broken IS NOT TRUE AND {each}_broken_now IS TRUE)::int AS {each}_missed"
    for each in PROMISES
)
NOUGHTS = ", ".join(f"0 AS {name}" for name in COUNTED if name.split("_")[-1] not in FATED)
ANY_PROMISE = str(tuple(PROMISES))
# What nobody came with is in no figure.
SPOKEN = "kind NOT IN ({})".format(", ".join(f"'{each.value}'" for each in OWN))
KEYS = f"""t.community_id, t.kind, t.category_id,
    coalesce(t.department_id, '{NONE}') AS department_id,
    coalesce(u.building_id, '{NONE}') AS building_id,
    coalesce(t.assignee_id, '{NONE}') AS person_id"""
PLACE = "LEFT JOIN owners_unit u ON u.company_id = t.company_id AND u.id = t.unit_id"

# The tickets of some days: each day with the moments between which it lies. OFFSET 0 holds the
# server to going day by day through the index `ticket_newest`: by itself it takes the moments for
# any, reads all tickets of the company, and looks at the promises of each before it drops it.
WINDOWS = f"""
unnest(%(days)s::date[], %(starts)s::timestamptz[], %(ends)s::timestamptz[])
    AS w (day, starts, ends)
CROSS JOIN LATERAL (SELECT * FROM complaints_ticket o WHERE o.company_id = %(company)s
    AND o.created_at >= w.starts AND o.created_at < w.ends AND o.{SPOKEN} OFFSET 0) t
"""  # noqa: S608 - of our own words alone
# The owner's last word on a ticket counts; whoever has an owner and is done has been asked.
FACTS = f"""
SELECT t.id, w.day, {KEYS}, 1 AS filed, is_done::int AS resolved,
    (t.status = 'closed')::int AS closed, (t.cycle > 1)::int AS reopened,
    (is_done AND t.owner_id IS NOT NULL OR r.score IS NOT NULL)::int AS asked,
    (r.score IS NOT NULL)::int AS rated, (r.score IS NOT NULL AND r.score < 3)::int AS low,
    coalesce(r.score, 0) AS stars, {KEPT_AND_MISSED}
FROM {WINDOWS} {PLACE}
CROSS JOIN LATERAL (SELECT t.status IN ('resolved', 'closed') AS is_done) s
CROSS JOIN LATERAL (SELECT {FATES} {OF_TICKET}) p
LEFT JOIN LATERAL (SELECT r.score FROM complaints_rating r
    WHERE r.company_id = t.company_id AND r.ticket_id = t.id
    ORDER BY r.cycle DESC LIMIT 1) r ON true
WHERE {{narrow}}
"""  # noqa: S608 - of our own words alone
# Only tickets with a promise that has fallen due unmet are looked at: the partial index has them.
CLOCK = f"""
SELECT (t.created_at AT TIME ZONE %(zone)s)::date AS day, {KEYS},
    {NOUGHTS}, {ADDED}
FROM (SELECT DISTINCT d.ticket_id FROM complaints_deadline d WHERE d.company_id = %(company)s
    AND d.promise IN {ANY_PROMISE} AND d.met_at IS NULL
    AND d.dropped_at IS NULL AND d.paused_at IS NULL AND d.due_at < %(now)s) o
JOIN complaints_ticket t ON t.company_id = %(company)s AND t.id = o.ticket_id {PLACE}
CROSS JOIN LATERAL (SELECT {FATES}, {NOW_BROKEN} {OF_TICKET}) p
WHERE t.created_at >= %(from)s AND t.created_at < %(until)s AND t.{SPOKEN} AND {{narrow}}
"""  # noqa: S608 - of our own words alone

# --- keeping: the facts of some days, then their figures out of these, then those of months ---

FACT = f"""id, day, community_id, kind, category_id, department_id, building_id, person_id,
    {COLUMNS}"""
KEPT_FACTS = "SELECT * FROM complaints_figurefact WHERE company_id = %(company)s"
CELL = "grain, dimension, day, community_id, kind, key"
DAY_CELLS = f"""
SELECT 'day' AS grain, dim.dimension, day, community_id, kind, dim.key, {SUMS}
FROM ({{facts}}) t
CROSS JOIN LATERAL (VALUES ('all', '{NONE}'::uuid), ('category', category_id),
    ('department', department_id), ('building', building_id), ('person', person_id)
) AS dim (dimension, key)
GROUP BY dim.dimension, day, community_id, kind, dim.key
"""  # noqa: S608 - of our own words alone
MONTH_CELLS = f"""
SELECT 'month' AS grain, dimension, %(month)s::date AS day, community_id, kind, key, {SUMS}
FROM complaints_figure
WHERE company_id = %(company)s AND grain = 'day' AND day >= %(month)s AND day < %(next)s
GROUP BY dimension, community_id, kind, key
"""  # noqa: S608 - of our own words alone


def each_of(names: str, row: str) -> str:
    """The same columns, of one of two rows."""
    return ", ".join(f"{row}.{name.strip()}" for name in names.split(","))


# Only what differs is written: most tickets and figures of a day are as they were.
REPLACE_FACTS = f"""
WITH counted AS MATERIALIZED ({FACTS.format(narrow="true")}),
gone AS (
    DELETE FROM complaints_figurefact f WHERE f.company_id = %(company)s
    AND f.day = ANY(%(days)s::date[]) AND f.id NOT IN (SELECT id FROM counted)
)
INSERT INTO complaints_figurefact AS f (company_id, {FACT})
SELECT %(company)s, {FACT} FROM counted ORDER BY id
ON CONFLICT (company_id, id) DO UPDATE SET ({FACT}) = ({each_of(FACT, "excluded")})
WHERE ({each_of(FACT, "f")}) IS DISTINCT FROM ({each_of(FACT, "excluded")})
"""  # noqa: S608 - of our own words alone
REPLACE = f"""
WITH counted AS MATERIALIZED ({{cells}}),
gone AS (
    DELETE FROM complaints_figure f WHERE f.company_id = %(company)s AND f.grain = '{{grain}}'
    AND {{which}}
    AND ({CELL}) NOT IN (SELECT {CELL} FROM counted)
)
INSERT INTO complaints_figure AS f (company_id, id, {CELL}, {COLUMNS})
SELECT %(company)s, uuidv7(), {CELL}, {COLUMNS} FROM counted ORDER BY {CELL}
ON CONFLICT (company_id, {CELL}) DO UPDATE
SET ({COLUMNS}) = ({each_of(COLUMNS, "excluded")})
WHERE ({each_of(COLUMNS, "f")}) IS DISTINCT FROM ({each_of(COLUMNS, "excluded")})
"""  # noqa: S608 - of our own words alone
REPLACE_DAYS = REPLACE.format(
    cells=DAY_CELLS.format(facts=f"{KEPT_FACTS} AND day = ANY(%(days)s::date[])"),
    grain="day",
    which="f.day = ANY(%(days)s::date[])",
)
REPLACE_MONTHS = REPLACE.format(cells=MONTH_CELLS, grain="month", which="f.day = %(month)s")

# Kept rows that a recount of the same moment does not find, and the other way round; days
# whose tickets have just changed are for the next pass, and so are their months.
DIFFERENCES = f"""
WITH changed AS (SELECT DISTINCT (filed_at AT TIME ZONE %(zone)s)::date AS day
    FROM complaints_figuremark WHERE company_id = %(company)s),
changed_months AS (SELECT DISTINCT date_trunc('month', day)::date AS day FROM changed),
facts AS MATERIALIZED ({FACTS.format(narrow="true")}),
kept_facts AS (SELECT {FACT} FROM complaints_figurefact WHERE company_id = %(company)s),
counted AS ({DAY_CELLS.format(facts="SELECT * FROM facts")}),
kept AS (SELECT {CELL}, {COLUMNS} FROM complaints_figure
    WHERE company_id = %(company)s AND grain = 'day'),
months AS (SELECT {CELL}, {COLUMNS} FROM complaints_figure
    WHERE company_id = %(company)s AND grain = 'month'),
summed AS (SELECT 'month' AS grain, dimension, date_trunc('month', day)::date AS day,
    community_id, kind, key, {SUMS} FROM kept
    GROUP BY dimension, date_trunc('month', day)::date, community_id, kind, key)
SELECT sum(found)::int FROM (SELECT count(*) AS found FROM (
    (SELECT * FROM counted WHERE day NOT IN (SELECT day FROM changed)
        EXCEPT SELECT * FROM kept WHERE day NOT IN (SELECT day FROM changed))
    UNION ALL (SELECT * FROM kept WHERE day NOT IN (SELECT day FROM changed)
        EXCEPT SELECT * FROM counted)
    UNION ALL (SELECT * FROM summed WHERE day NOT IN (SELECT day FROM changed_months)
        EXCEPT SELECT * FROM months)
    UNION ALL (SELECT * FROM months WHERE day NOT IN (SELECT day FROM changed_months)
        EXCEPT SELECT * FROM summed)
) AS figures
UNION ALL SELECT count(*) FROM (
    (SELECT {FACT} FROM facts WHERE day NOT IN (SELECT day FROM changed)
        EXCEPT SELECT * FROM kept_facts WHERE day NOT IN (SELECT day FROM changed))
    UNION ALL (SELECT * FROM kept_facts WHERE day NOT IN (SELECT day FROM changed)
        EXCEPT SELECT {FACT} FROM facts)
) AS tickets) AS different
"""  # noqa: S608 - of our own words alone

# --- reading: rows of a dimension, its key as text, and the counts ---

KEPT_NARROW = """f.company_id = %(company)s
    AND (%(communities)s::uuid[] IS NULL OR f.community_id = ANY(%(communities)s::uuid[]))
    AND (%(kind)s = '' OR f.kind = %(kind)s)"""
LIVE_NARROW = """(%(communities)s::uuid[] IS NULL OR t.community_id = ANY(%(communities)s::uuid[]))
    AND (%(kind)s = '' OR t.kind = %(kind)s)
    AND (%(category)s::uuid IS NULL OR t.category_id = %(category)s::uuid)
    AND (%(department)s::uuid IS NULL OR t.department_id = %(department)s::uuid)"""
LIVE_DIMENSIONS = """
CROSS JOIN LATERAL (VALUES ('community', community_id::text), ('category', category_id::text),
    ('department', department_id::text), ('building', building_id::text),
    ('person', person_id::text), ('day', day::text)) AS dim (dimension, key)
"""
READ = f"""
SELECT dimension, key, {SUMS} FROM (
    SELECT CASE f.dimension WHEN 'all' THEN 'community' ELSE f.dimension END AS dimension,
        CASE f.dimension WHEN 'all' THEN f.community_id ELSE f.key END::text AS key, {COLUMNS}
    FROM complaints_figure f
    WHERE f.grain = 'month' AND f.dimension = ANY(%(dimensions)s)
        AND f.day = ANY(%(months)s::date[]) AND {KEPT_NARROW}
    UNION ALL
    SELECT CASE f.dimension WHEN 'all' THEN 'community' ELSE f.dimension END,
        CASE f.dimension WHEN 'all' THEN f.community_id ELSE f.key END::text, {COLUMNS}
    FROM complaints_figure f
    WHERE f.grain = 'day' AND f.dimension = ANY(%(dimensions)s)
        AND f.day = ANY(%(kept_days)s::date[]) AND {KEPT_NARROW}
    UNION ALL
    SELECT 'day', f.day::text, {COLUMNS} FROM complaints_figure f
    WHERE f.grain = 'day' AND f.dimension = 'all'
        AND f.day BETWEEN %(first)s AND %(last)s AND f.day <> ALL(%(days)s::date[])
        AND {KEPT_NARROW}
    UNION ALL
    SELECT dim.dimension, dim.key, {COLUMNS}
    FROM ({FACTS.format(narrow=LIVE_NARROW)}) t {LIVE_DIMENSIONS}
    UNION ALL
    SELECT dim.dimension, dim.key, {COLUMNS}
    FROM ({CLOCK.format(narrow=LIVE_NARROW)}) t {LIVE_DIMENSIONS}
) AS pieces
GROUP BY dimension, key
"""  # noqa: S608 - of our own words alone
# The same of one category or department, which kept figures do not tell apart: out of the facts,
# in one go over them (as rows for each dimension it takes six times as long).
KEYS_OF = {
    "community": "community_id", "category": "category_id", "department": "department_id",
    "building": "building_id", "person": "person_id", "day": "day",
}  # fmt: skip
WHICH = " ".join(f"WHEN grouping({key}) = 0 THEN '{name}'" for name, key in KEYS_OF.items())
AS_TEXT = ", ".join(f"{key}::text" for key in KEYS_OF.values())
ALL_KEYS = ", ".join(KEYS_OF.values())
READ_FACTS = f"""
SELECT CASE {WHICH} END, coalesce({AS_TEXT}), {SUMS} FROM (
    SELECT {ALL_KEYS}, {COLUMNS} FROM complaints_figurefact t
    WHERE t.company_id = %(company)s AND t.day BETWEEN %(first)s AND %(last)s
        AND t.day <> ALL(%(days)s::date[]) AND {LIVE_NARROW}
    UNION ALL
    SELECT {ALL_KEYS}, {COLUMNS} FROM ({FACTS.format(narrow=LIVE_NARROW)}) live
    UNION ALL
    SELECT {ALL_KEYS}, {COLUMNS} FROM ({CLOCK.format(narrow=LIVE_NARROW)}) due
) AS pieces
GROUP BY GROUPING SETS ({", ".join(f"({key})" for key in KEYS_OF.values())})
"""  # noqa: S608 - of our own words alone
# Who was asked for a rating and how many stars were given, by stretch of days and community. Kept
# ratings are read from the index `fact_stars` alone, whom they were asked of from the cells.
RATINGS = f"""
SELECT width_bucket(day, %(stretches)s::date[]), community_id, stars,
    sum(asked)::int, sum(rated)::int
FROM (
    SELECT f.day, f.community_id, 0 AS stars, f.asked, 0 AS rated FROM complaints_figure f
    WHERE f.grain = 'month' AND f.dimension = 'all' AND f.day = ANY(%(months)s::date[])
        AND {KEPT_NARROW}
    UNION ALL
    SELECT f.day, f.community_id, 0, f.asked, 0 FROM complaints_figure f
    WHERE f.grain = 'day' AND f.dimension = 'all' AND f.day = ANY(%(kept_days)s::date[])
        AND {KEPT_NARROW}
    UNION ALL
    SELECT f.day, f.community_id, f.stars, 0, 1 FROM complaints_figurefact f
    WHERE f.rated = 1 AND f.day BETWEEN %(first)s AND %(last)s
        AND f.day <> ALL(%(days)s::date[]) AND {KEPT_NARROW}
    UNION ALL
    SELECT day, community_id, stars, asked, rated FROM ({FACTS.format(narrow=LIVE_NARROW)}) live
) AS pieces
GROUP BY 1, 2, 3
"""  # noqa: S608 - of our own words alone
# What is on people's hands at this moment, whenever it came in.
HANDS = f"""
SELECT dim.dimension, dim.key, sum(is_open)::int, sum(is_late)::int FROM (
    SELECT {KEYS}, (t.status <> 'resolved')::int AS is_open,
        coalesce(t.next_due_at < %(now)s, false)::int AS is_late
    FROM complaints_ticket t {PLACE}
    WHERE t.company_id = %(company)s AND t.status IN ('new', 'accepted', 'paused', 'resolved')
        AND t.{SPOKEN} AND {LIVE_NARROW}
) t
CROSS JOIN LATERAL (VALUES ('community', community_id::text), ('category', category_id::text),
    ('department', department_id::text), ('building', building_id::text),
    ('person', person_id::text)) AS dim (dimension, key)
GROUP BY dim.dimension, dim.key
"""  # noqa: S608 - of our own words alone
