-- What an auditor asks. `findings` is what podlint.batch gives:
--     CREATE VIEW findings AS SELECT * FROM 'FINDINGS.parquet/*.parquet'

-- Which directories are worst?
SELECT
    regexp_extract(path, '^(.*)/', 1) AS directory,
    count(*) FILTER (severity = 'error') AS errors,
    count(*) FILTER (severity = 'warning') AS warnings
FROM findings
WHERE kind = 'finding'
GROUP BY directory
HAVING errors + warnings > 0
ORDER BY errors DESC, warnings DESC, directory
LIMIT 20;

-- Which rules find most, and in how many files?
SELECT rule, severity, count(*) AS findings, count(DISTINCT path) AS files
FROM findings
WHERE kind = 'finding' AND severity <> 'info'
GROUP BY rule, severity
ORDER BY findings DESC, rule, severity
LIMIT 20;

-- Whose pods have to be mended: which workloads have errors, and of how many kinds?
SELECT
    "group" AS owner,
    namespace,
    pod,
    count(*) AS errors,
    string_agg(DISTINCT rule, ', ' ORDER BY rule) AS rules
FROM findings
WHERE kind = 'finding' AND severity = 'error' AND pod IS NOT NULL
GROUP BY ALL
ORDER BY errors DESC, owner, namespace, pod
LIMIT 50;

-- What does the audit not know? Files that were not read, and how much of the others was not understood.
SELECT kind, coalesce(reason, '') AS reason, count(*) AS times
FROM findings
WHERE kind IN ('skipped', 'not-understood') OR (kind = 'file' AND reason IS NOT NULL)
GROUP BY ALL
ORDER BY times DESC, kind, reason
LIMIT 20;
