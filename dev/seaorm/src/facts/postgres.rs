//! The catalogue of PostgreSQL.

use std::collections::BTreeSet;

use anyhow::Result;
use sqlx::PgConnection;

/// Each of these gives one column of facts, about the tables in the current schema.
const FACTS: [&str; 5] = [
    "SELECT t.relname || '.' || a.attname || ': ' || format_type(a.atttypid, a.atttypmod)
     FROM pg_attribute a JOIN pg_class t ON t.oid = a.attrelid
     WHERE t.relkind = 'r' AND a.attnum > 0 AND t.relnamespace = current_schema()::regnamespace",
    "SELECT t.relname || '.' || a.attname || ' is not null'
     FROM pg_attribute a JOIN pg_class t ON t.oid = a.attrelid
     WHERE t.relkind = 'r' AND a.attnum > 0 AND a.attnotnull AND t.relnamespace = current_schema()::regnamespace",
    "SELECT t.relname || '.' || a.attname || CASE
         WHEN a.attidentity <> '' OR pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval%' THEN ' is handed out'
         ELSE ' defaults to ' || pg_get_expr(d.adbin, d.adrelid) END
     FROM pg_attribute a JOIN pg_class t ON t.oid = a.attrelid
     LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
     WHERE t.relkind = 'r' AND a.attnum > 0 AND (d.oid IS NOT NULL OR a.attidentity <> '')
         AND t.relnamespace = current_schema()::regnamespace",
    // Constraints and indexes without their names; an index behind a constraint is told once.
    "SELECT t.relname || ' ' || CASE WHEN c.contype IS NULL
         THEN CASE WHEN i.indisunique THEN 'is unique by ' ELSE 'is indexed by ' END
         WHEN c.contype = 'p' THEN 'has the key ' ELSE 'is unique by ' END
         || '(' || (SELECT string_agg(a.attname, ', ' ORDER BY k.n)
             FROM unnest(i.indkey::int2[]) WITH ORDINALITY k(num, n)
             JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.num) || ')'
     FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
     LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.contype IN ('p', 'u')
     WHERE t.relnamespace = current_schema()::regnamespace",
    "SELECT t.relname || ' has ' || pg_get_constraintdef(c.oid)
     FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
     WHERE c.contype IN ('f', 'c') AND t.relnamespace = current_schema()::regnamespace",
];

const ENUMS: &str = "
    SELECT 'enum ' || t.typname || ' is ' || string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder)
    FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid
    WHERE t.typnamespace = current_schema()::regnamespace GROUP BY t.typname";

/// All facts about the current schema behind `connection`.
pub async fn read(connection: &mut PgConnection) -> Result<BTreeSet<String>> {
    let mut facts = BTreeSet::new();
    for query in FACTS.into_iter().chain([ENUMS]) {
        let found: Vec<String> = sqlx::query_scalar(query)
            .fetch_all(&mut *connection)
            .await?;
        facts.extend(found);
    }
    Ok(facts)
}
