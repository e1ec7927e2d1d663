# ruff: noqa: E501, S608 - the statements contain no value from outside, and are easier to read in long lines
"""The rows of each table: one statement per table over `generate_series`, with PostgreSQL's seeded `random()`.

Accounts are ranked by their activity. The properties of an account follow from its id, which saves joins. Times rise
with ids, as in a running portal.
"""

FIRST_NAMES = [
    "Freja",
    "Ida",
    "Nora",
    "Alma",
    "Ella",
    "Emma",
    "Clara",
    "Asta",
    "Olivia",
    "Karla",
    "Signe",
    "Mathilde",
    "Laura",
    "Maja",
    "Sofie",
    "Anna",
    "Åse",
    "Bjørk",
    "Sørine",
    "Ærine",
    "William",
    "Noah",
    "Oscar",
    "Lucas",
    "Carl",
    "Victor",
    "Malthe",
    "August",
    "Elias",
    "Emil",
    "Søren",
    "Jørgen",
    "Åge",
    "Bjørn",
    "Rasmus",
    "Mads",
    "Anders",
    "Kåre",
    "Jens",
]
LAST_NAMES = [
    "Nielsen",
    "Jensen",
    "Hansen",
    "Pedersen",
    "Andersen",
    "Christensen",
    "Larsen",
    "Sørensen",
    "Rasmussen",
    "Jørgensen",
    "Petersen",
    "Madsen",
    "Møller",
    "Østergård",
    "Åkjær",
    "Kærgaard",
    "Bæk",
    "Holm",
    "Lund",
    "Juul",
    "Thygesen",
    "Skov",
    "Dahl",
    "Vestergaard",
    "Højgaard",
    "Ærenlund",
    "Grønbæk",
    "Uggerhøj",
]
BROWSERS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile Safari/604.1",
    "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
)
# The first two digits of Danish mobile numbers.
PREFIXES = ("20", "21", "22", "23", "24", "25", "26", "27", "28", "29", "30", "31", "40", "41", "42", "50", "51", "52")

_SOME_ACCOUNT = "(1 + (floor(%(students)s * power(random(), 1.5))::bigint * 7919) %% %(students)s)"
_DIGITS = "%(prefixes)s::text[]"
_NUMBER = (
    f"'+45' || ({_DIGITS})[1 + (n * 7) %% array_length({_DIGITS}, 1)] || lpad((n * 104729 %% 1000000)::text, 6, '0')"
)
_NUMBER_OF_ACCOUNT = _NUMBER.replace("n *", "a *")
_WHEN = "now() - interval '1 year' * (1 - n / (%(rows)s + 1.0))"

ACCOUNTS = """
INSERT INTO accounts_account (id, password, is_superuser, username, first_name, last_name, email, is_student,
    is_employee, is_active, is_staff, password_changed_at, language, language_known, first_device,
    session_epoch, created_at)
SELECT n, '!', false,
    chr(97 + (n * 7 %% 26)::int) || chr(97 + (n * 11 / 26 %% 26)::int) || chr(97 + (n / 676 %% 26)::int)
        || lpad((n %% 1000)::text, 3, '0') || CASE WHEN n > 17000 THEN (n / 17000)::text ELSE '' END,
    (%(first_names)s::text[])[1 + floor(random() * array_length(%(first_names)s::text[], 1))],
    (%(last_names)s::text[])[1 + floor(random() * array_length(%(last_names)s::text[], 1))],
    'person' || n || '@example.org', n <= %(students)s, n > %(students)s OR n %% 40 = 0, n %% 50 <> 0, n > %(rows)s - 60,
    now() - interval '300 days' * random(), CASE WHEN n %% 5 = 0 THEN 'en' ELSE 'da' END, true, '', 0,
    now() - interval '3 years' * random()
FROM generate_series(1, %(rows)s::bigint) AS n
"""

PHONES = f"""
INSERT INTO mfa_sms_smsdevice (user_id, name, confirmed, created_at, last_used_at, throttling_failure_count,
    throttling_failure_timestamp, number, unanswered_messages, disabled_at, by_agent)
SELECT 1 + (n - 1) %% %(students)s, '', true, now() - interval '1 year' * random(),
    now() - interval '60 days' * random(), CASE WHEN n %% 200 = 0 THEN 3 ELSE 0 END, NULL, {_NUMBER}, 0,
    CASE WHEN n %% 900 = 0 THEN now() END, false
FROM generate_series(1, %(rows)s::bigint) AS n
"""

APPS = """
INSERT INTO mfa_totp_authenticatorapp (user_id, name, confirmed, encrypted_key, drift, last_t,
    throttling_failure_count, created_at, last_used_at)
SELECT 1 + (%(students)s + n - 1) %% %(accounts)s, '', true, convert_to(repeat(md5(n::text), 4), 'UTF8'), 0, -1, 0,
    now() - interval '1 year' * random(), now() - interval '30 days' * random()
FROM generate_series(1, %(rows)s::bigint) AS n
"""

RECOVERY_DEVICES = """
INSERT INTO mfa_recovery_recoverydevice (user_id, name, confirmed, created_at, throttling_failure_count)
SELECT n, '', true, now() - interval '1 year' * random(), 0 FROM generate_series(1, %(rows)s::bigint) AS n
"""

RECOVERY_CODES = """
INSERT INTO mfa_recovery_recoverycode (device_id, digest, created_at, used_at)
SELECT device.id, md5(random()::text), device.created_at, CASE WHEN random() < 0.05 THEN now() END
FROM mfa_recovery_recoverydevice AS device, generate_series(1, 10)
"""

PASSES = """
INSERT INTO mfa_pass_accesspass (user_id, name, confirmed, created_at, digest, expires_at, single_use, created_by_id,
    throttling_failure_count)
SELECT n, '', true, created, md5(n::text), created + interval '1 hour', true, %(accounts)s - n %% 50, 0
FROM (SELECT n, now() - interval '1 year' * random() AS created FROM generate_series(1, %(rows)s::bigint) AS n) AS rows
"""

CHALLENGES = """
INSERT INTO mfa_sms_challenge (device_id, purpose, browser, nonce, key_id, failures, outcome, created_at, expires_at,
    ended_at)
SELECT 1 + floor(random() * %(phones)s)::bigint, CASE WHEN n %% 20 = 0 THEN 'enroll' ELSE 'sign_in' END, md5(n::text),
    decode(md5(n::text), 'hex'), 'k1', 0, CASE WHEN n %% 30 = 0 THEN 'exhausted' ELSE 'right' END, at,
    at + interval '10 minutes', at + interval '20 seconds'
FROM (SELECT n, now() - interval '1 day' * (1 - n / (%(rows)s + 1.0)) AS at FROM generate_series(1, %(rows)s::bigint) AS n) AS r
"""

MESSAGES = f"""
INSERT INTO mfa_sms_textmessage (account_id, device_id, purpose, notice, number, language, status, status_at, created_at,
    expires_at, sent_at, receipt_at, next_at, tries, dispatches, gateway, gateway_message_id, error)
SELECT a, a, CASE WHEN u < 0.05 THEN 'enroll' WHEN u < 0.1 THEN 'step_up' WHEN u < 0.16 THEN 'notice' ELSE 'sign_in' END,
    CASE WHEN u >= 0.1 AND u < 0.16 THEN 'device_added' ELSE '' END,
    CASE WHEN at > now() - interval '90 days' THEN {_NUMBER_OF_ACCOUNT} ELSE '' END,
    CASE WHEN a %% 5 = 0 THEN 'en' ELSE 'da' END, s, at + interval '4 seconds', at, at + interval '10 minutes',
    CASE WHEN s <> 'cancelled' THEN at + interval '1 second' END,
    CASE WHEN s IN ('delivered', 'undeliverable', 'expired') THEN at + interval '4 seconds' END, at + interval '20 seconds', 1, 1,
    CASE WHEN n %% 50 = 0 THEN 'twilio' ELSE 'gatewayapi' END,
    CASE WHEN at > now() - interval '90 days' THEN md5(n::text) ELSE '' END,
    CASE WHEN s = 'rejected' THEN 'refused' ELSE '' END
FROM (SELECT n, {_WHEN} AS at, random() AS u, {_SOME_ACCOUNT} AS a,
        CASE WHEN v < 0.94 THEN 'delivered' WHEN v < 0.96 THEN 'undeliverable' WHEN v < 0.97 THEN 'expired'
            WHEN v < 0.98 THEN 'rejected' WHEN v < 0.984 THEN 'failed' WHEN v < 0.987 THEN 'unknown'
            WHEN v < 0.99 THEN 'cancelled' ELSE 'sent' END AS s
    FROM (SELECT n, random() AS v FROM generate_series(1, %(rows)s::bigint) AS n) AS drawn OFFSET 0) AS r
"""

ATTEMPTS = """
INSERT INTO mfa_sms_attempt (message_id, gateway, outcome, code, gateway_message_id, started_at, ended_at, worker)
SELECT id, gateway, CASE WHEN status = 'failed' THEN 'unavailable' WHEN status = 'rejected' THEN 'refused'
    WHEN status = 'unknown' THEN 'unknown' ELSE 'accepted' END, '', gateway_message_id, created_at,
    created_at + interval '300 milliseconds', ''
FROM mfa_sms_textmessage WHERE status <> 'cancelled' ORDER BY id
"""

EVENTS = f"""
INSERT INTO audit_securityevent (at, kind, account_id, actor_id, name_digest, reason, detail, method, device_id,
    address, network, browser, reference, client_salt, client_digest)
SELECT at, k, a, CASE WHEN k IN ('signed_in', 'device_enrolled') THEN a END,
    CASE WHEN k LIKE 'password%%' THEN md5(a::text) ELSE '' END,
    CASE WHEN k IN ('password_refused', 'code_refused') THEN 'wrong' WHEN k = 'helpdesk_action_performed' THEN 'unlock' ELSE '' END,
    '', CASE WHEN k LIKE 'password%%' THEN '' ELSE 'mfa_sms' END, CASE WHEN k LIKE 'password%%' THEN NULL ELSE a END,
    address::inet, address::inet, browser, 'K7F3-' || lpad((n %% 100)::text, 2, '0'), salt,
    encode(sha256(convert_to('["kumfa.client.1","' || salt || '","' || packed || '","' || packed || '",'
        || to_json(browser)::text || ']', 'UTF8')), 'hex')
FROM (SELECT n, {_WHEN} AS at, k, a, md5('salt' || n) AS salt, browser,
        '10.' || (h::int >> 16) || '.' || (h::int >> 8 & 255) || '.' || (h::int & 255) AS address, '0a' || lpad(to_hex(h::int), 6, '0') AS packed
    FROM (SELECT n, a, (a * 2654435 + (CASE WHEN v < 0.1 THEN n ELSE 0 END))::bigint %% 16777216 AS h,
            (%(browsers)s::text[])[1 + (a + (CASE WHEN v < 0.05 THEN n ELSE 0 END)) %% array_length(%(browsers)s::text[], 1)]
                AS browser,
            CASE WHEN u < 0.45 THEN 'password_accepted' WHEN u < 0.87 THEN 'signed_in' WHEN u < 0.91 THEN 'password_refused'
                WHEN u < 0.94 THEN 'code_refused' WHEN u < 0.96 THEN 'device_enrolled' WHEN u < 0.98 THEN 'signed_out'
                WHEN u < 0.985 THEN 'code_not_sent' WHEN u < 0.99 THEN 'device_changed' WHEN u < 0.995 THEN 'helpdesk_action_performed'
                ELSE 'password_reset_requested' END AS k
        FROM (SELECT n, random() AS u, random() AS v, {_SOME_ACCOUNT} AS a
            FROM generate_series(1, %(rows)s::bigint) AS n OFFSET 0) AS drawn OFFSET 0) AS placed OFFSET 0) AS r
"""

NOTICES = """
INSERT INTO notices_notice (account_id, event_id, kind, former_address, created_at, tries, tried_at, sent_at)
SELECT account_id, id, CASE kind WHEN 'device_changed' THEN 'device_changed' WHEN 'helpdesk_action_performed' THEN 'helpdesk_action_performed'
    ELSE 'device_added' END, '', at, 1, at, CASE WHEN id %% 1000 <> 0 THEN at + interval '2 seconds' END
FROM audit_securityevent WHERE kind IN ('device_enrolled', 'device_changed', 'helpdesk_action_performed') ORDER BY id
"""

ACTIONS = """
INSERT INTO helpdesk_actionrecord (action, account_id, agent_id, at, proof, proof_detail, case_number, note, event_id)
SELECT (ARRAY['unlock', 'reset', 'pass', 'end_sessions'])[1 + id %% 4], account_id, %(accounts)s - id %% 50, at,
    CASE WHEN id %% 3 = 0 THEN 'in_person' ELSE 'mitid' END, '', 'INC-' || id, '', id
FROM audit_securityevent WHERE kind = 'helpdesk_action_performed' ORDER BY id
"""

CASES = """
INSERT INTO helpdesk_case (kind, account_id, event_id, opened_at, note, closed_at, closed_by_id)
SELECT CASE WHEN id %% 3 = 0 THEN 'locked' ELSE 'reported' END, account_id, id, at, '',
    CASE WHEN id %% 50 <> 0 THEN at + interval '1 hour' END, CASE WHEN id %% 50 <> 0 THEN %(accounts)s - id %% 50 END
FROM audit_securityevent WHERE kind IN ('device_changed', 'device_enrolled') ORDER BY id LIMIT %(rows)s
"""

# The state at the end of each hour. `count_figures` counts the events of the hours, and sums up the days.
FIGURES = """
INSERT INTO overview_hourlyfigure (hour, series, label, affiliation, language, value)
SELECT date_trunc('hour', now()) - make_interval(hours => h), series, label, affiliation, language,
    floor(size * (CASE WHEN label LIKE '%%all' THEN 1 ELSE 0.95 - h * 0.6 / (365 * 24) END))::bigint
FROM generate_series(1, 365 * 24) AS h,
    (VALUES ('accounts', 'student:all', 'student', 20000), ('accounts', 'student:enrolled', 'student', 20000),
        ('accounts', 'employee:all', 'employee', 5000), ('accounts', 'employee:enrolled', 'employee', 5000),
        ('methods', 'mfa_sms', 'student', 18000), ('methods', 'mfa_totp', 'employee', 5000)
    ) AS gauges (series, label, affiliation, size),
    unnest(ARRAY['da', 'en']) AS language
"""

MEASURED = """
INSERT INTO overview_hourlyfigure (hour, series, label, affiliation, language, value)
SELECT hour, 'counted', 'now', '', '', extract(epoch FROM hour)::bigint + 59 * 60
FROM (SELECT DISTINCT hour FROM overview_hourlyfigure WHERE series = 'accounts') AS hours
"""

# In the order of execution. The numbers of rows are those of the size to plan for.
TABLES: tuple[tuple[str, int, str], ...] = (
    ("accounts", 50_000, ACCOUNTS),
    ("phones", 45_000, PHONES),
    ("authenticator apps", 15_000, APPS),
    ("recovery devices", 20_000, RECOVERY_DEVICES),
    ("recovery codes", 200_000, RECOVERY_CODES),
    ("access passes", 12_000, PASSES),
    ("challenges", 50_000, CHALLENGES),
    ("text messages", 2_000_000, MESSAGES),
    ("attempts", 2_000_000, ATTEMPTS),
    ("security events", 1_000_000, EVENTS),
    ("notices", 30_000, NOTICES),
    ("agent actions", 5_000, ACTIONS),
    ("cases", 12_000, CASES),
    ("hourly figures", 105_120, FIGURES),
    ("measured hours", 8_760, MEASURED),
)
