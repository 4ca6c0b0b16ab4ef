//! `// backsmith: allow(RULE): REASON`

/// Returns whether a finding in this line is silenced there or in the line above. Without a reason it is not.
pub(super) fn is_silenced(text: &str, line: usize, rule: &str) -> bool {
    let lines: Vec<_> = text.lines().collect();
    let here = lines.get(line.wrapping_sub(1)).copied().unwrap_or_default();
    let above = lines.get(line.wrapping_sub(2)).copied().unwrap_or_default();
    is_allowed(here, rule) || above.trim_start().starts_with("//") && is_allowed(above, rule)
}

fn is_allowed(line: &str, rule: &str) -> bool {
    let Some((_, rest)) = line.split_once("// backsmith: allow(") else {
        return false;
    };
    let Some((name, reason)) = rest.split_once(')') else {
        return false;
    };
    let reason = reason.strip_prefix(':').unwrap_or_default();
    name.trim() == rule && !reason.trim().is_empty()
}
