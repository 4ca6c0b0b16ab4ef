//! Finds what a PostgreSQL database has and models cannot say, and tells it in sentences.

use sqlx::postgres::PgConnection;

/// Details that models have no words for.
const DETAILS: &str = "
    SELECT t.relname::text, format('%s: the constraint %s is DEFERRABLE, for which models have no words; it stays so', t.relname, k.conname)
    FROM pg_constraint AS k JOIN pg_class AS t ON t.oid = k.conrelid
    WHERE k.condeferrable AND t.relnamespace = current_schema()::regnamespace
    UNION ALL
    SELECT t.relname::text, format('%s: the foreign key %s empties only some of its columns; models say all of them', t.relname, k.conname)
    FROM pg_constraint AS k JOIN pg_class AS t ON t.oid = k.conrelid
    WHERE to_jsonb(k)->>'confdelsetcols' IS NOT NULL AND t.relnamespace = current_schema()::regnamespace
    UNION ALL
    SELECT t.relname::text, format('%s: the foreign key %s leads to the table %s.%s of another schema, where models do not follow', t.relname, k.conname, n.nspname, f.relname)
    FROM pg_constraint AS k JOIN pg_class AS t ON t.oid = k.conrelid
    JOIN pg_class AS f ON f.oid = k.confrelid JOIN pg_namespace AS n ON n.oid = f.relnamespace
    WHERE f.relnamespace <> t.relnamespace AND t.relnamespace = current_schema()::regnamespace
    UNION ALL
    SELECT t.relname::text, format('%s.%s is GENERATED ALWAYS, for which models have no words; it stays so', t.relname, a.attname)
    FROM pg_attribute AS a JOIN pg_class AS t ON t.oid = a.attrelid
    WHERE a.attidentity = 'a' AND t.relkind IN ('r', 'p') AND t.relnamespace = current_schema()::regnamespace
    UNION ALL
    SELECT t.relname::text, format('%s.%s keeps %s, and models have no words for its precision; it stays so', t.relname, a.attname, format_type(a.atttypid, a.atttypmod))
    FROM pg_attribute AS a JOIN pg_class AS t ON t.oid = a.attrelid
    WHERE a.attnum > 0 AND NOT a.attisdropped AND a.atttypmod BETWEEN 0 AND 5
        AND a.atttypid IN ('timestamp'::regtype, 'timestamptz'::regtype, 'time'::regtype)
        AND t.relkind IN ('r', 'p') AND t.relnamespace = current_schema()::regnamespace
    UNION ALL
    SELECT t.relname::text, format('%s.%s counts from %s in steps of %s, for which models have no words', t.relname, a.attname, s.seqstart, s.seqincrement)
    FROM pg_sequence AS s
    JOIN pg_depend AS d ON d.objid = s.seqrelid AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
    JOIN pg_class AS t ON t.oid = d.refobjid
    JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
    WHERE (s.seqstart <> 1 OR s.seqincrement <> 1) AND t.relnamespace = current_schema()::regnamespace
    ORDER BY 1, 2";

/// Types that no migration makes, by the columns that need them, and what makes each.
const TYPES: &str = "
    WITH needed AS (
        SELECT DISTINCT ON (coalesce(e.oid, y.oid)) t.relname, a.attname, coalesce(e.oid, y.oid) AS type, e.oid IS NOT NULL AS is_list
        FROM pg_attribute AS a JOIN pg_class AS t ON t.oid = a.attrelid JOIN pg_type AS y ON y.oid = a.atttypid
            LEFT JOIN pg_type AS e ON e.oid = y.typelem AND y.typcategory = 'A'
        WHERE a.attnum > 0 AND NOT a.attisdropped AND t.relkind IN ('r', 'p') AND NOT t.relispartition
            AND t.relnamespace = current_schema()::regnamespace AND t.relname <> '_sqlx_migrations'
        ORDER BY coalesce(e.oid, y.oid), e.oid IS NOT NULL, t.relname, a.attnum
    )
    SELECT n.relname::text, format(
        '%s.%s is of the type %s, which a fresh database does not have: write %s; at the top of the first migration for PostgreSQL',
        n.relname, n.attname, format_type(n.type, NULL), CASE
            WHEN x.extname IS NOT NULL THEN format('CREATE EXTENSION IF NOT EXISTS %I', x.extname)
            WHEN y.typtype = 'd' THEN format('CREATE DOMAIN %s AS %s%s%s%s', format_type(n.type, NULL),
                format_type(y.typbasetype, y.typtypmod), ' DEFAULT ' || y.typdefault,
                CASE WHEN y.typnotnull THEN ' NOT NULL' ELSE '' END,
                (SELECT string_agg(' ' || pg_get_constraintdef(k.oid), '') FROM pg_constraint AS k
                    WHERE k.contypid = y.oid AND k.contype = 'c'))
            WHEN y.typtype = 'e' THEN format('CREATE TYPE %s AS ENUM (%s)', format_type(n.type, NULL),
                (SELECT string_agg(quote_literal(v.enumlabel), ', ' ORDER BY v.enumsortorder) FROM pg_enum AS v
                    WHERE v.enumtypid = y.oid))
            ELSE 'the CREATE TYPE that made it' END)
    FROM needed AS n JOIN pg_type AS y ON y.oid = n.type
        LEFT JOIN pg_depend AS d ON d.classid = 'pg_type'::regclass AND d.objid = y.oid AND d.deptype = 'e'
        LEFT JOIN pg_extension AS x ON x.oid = d.refobjid
    WHERE y.typnamespace <> 'pg_catalog'::regnamespace
        AND (y.typtype <> 'e' OR n.is_list OR y.typnamespace <> current_schema()::regnamespace)
    ORDER BY 1, 2";

/// Functions in defaults and expressions that no migration makes.
const FUNCTIONS: &str = "
    SELECT DISTINCT ON (p.oid) t.relname::text, format(
        '%s.%s needs the function %s, which a fresh database does not have: write %s at the top of the first migration for PostgreSQL',
        t.relname, a.attname, p.oid::regprocedure, CASE
            WHEN x.extname IS NOT NULL THEN format('CREATE EXTENSION IF NOT EXISTS %I;', x.extname)
            ELSE format('what SELECT pg_get_functiondef(%L::regprocedure) tells', p.oid::regprocedure) END)
    FROM pg_attrdef AS f JOIN pg_class AS t ON t.oid = f.adrelid
        JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = f.adnum
        JOIN pg_depend AS d ON d.classid = 'pg_attrdef'::regclass AND d.objid = f.oid AND d.refclassid = 'pg_proc'::regclass
        JOIN pg_proc AS p ON p.oid = d.refobjid AND p.pronamespace <> 'pg_catalog'::regnamespace
        LEFT JOIN pg_depend AS e ON e.classid = 'pg_proc'::regclass AND e.objid = p.oid AND e.deptype = 'e'
        LEFT JOIN pg_extension AS x ON x.oid = e.refobjid
    WHERE t.relnamespace = current_schema()::regnamespace
    ORDER BY p.oid, t.relname, a.attnum";

/// Operator classes of extensions that indexes need.
const CLASSES: &str = "
    SELECT DISTINCT ON (x.oid) t.relname::text, format(
        '%s: the index %s needs the extension %s, which a fresh database does not have: write CREATE EXTENSION IF NOT EXISTS %I; at the top of the first migration for PostgreSQL',
        t.relname, i.relname, x.extname, x.extname)
    FROM pg_index AS k JOIN pg_class AS i ON i.oid = k.indexrelid JOIN pg_class AS t ON t.oid = k.indrelid
        JOIN pg_opclass AS c ON c.oid = ANY (k.indclass::oid[])
        JOIN pg_depend AS d ON d.classid = 'pg_opclass'::regclass AND d.objid = c.oid AND d.deptype = 'e'
        JOIN pg_extension AS x ON x.oid = d.refobjid
    WHERE t.relnamespace = current_schema()::regnamespace
        AND NOT EXISTS (SELECT FROM pg_attribute AS a JOIN pg_type AS y ON y.oid = a.atttypid
            JOIN pg_depend AS e ON e.classid = 'pg_type'::regclass AND e.objid = y.oid AND e.deptype = 'e'
            WHERE a.attrelid = t.oid AND e.refobjid = x.oid)
    ORDER BY x.oid, t.relname, i.relname";

/// Returns what models leave out, and what a fresh database lacks: the table, and a sentence.
///
/// # Errors
///
/// If the database cannot be read.
pub(super) async fn find(connection: &mut PgConnection) -> sqlx::Result<Vec<(String, String)>> {
    let mut untold = Vec::new();
    for query in [DETAILS, TYPES, FUNCTIONS, CLASSES] {
        let found: Vec<(String, String)> =
            sqlx::query_as(query).fetch_all(&mut *connection).await?;
        untold.extend(found);
    }
    Ok(untold)
}
