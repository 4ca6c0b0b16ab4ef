//! Tables side by side: those that refer to none at the left, each other one to the right of what it refers to.

use super::svg::{Arrow, Bend, Node};

/// The space between columns of boxes, and between boxes in a column.
const ACROSS: f64 = 70.0;
const BETWEEN: f64 = 22.0;

/// A reference of a box to another one, both by their numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    pub from: usize,
    /// The line of the box that refers.
    pub line: Option<usize>,
    pub to: usize,
    /// Whether each row refers to one.
    pub is_required: bool,
}

/// Gives the boxes their places, and returns the arrows between them.
pub fn arrange(nodes: &mut [Node], references: &[Reference]) -> Vec<Arrow> {
    let layers = layers(nodes.len(), references);
    let mut columns = split(nodes, &layers);
    for column in 1..columns.len() {
        let (before, rest) = columns.split_at_mut(column);
        sort_by_what_they_refer_to(&mut rest[0], before, references);
    }
    place(nodes, &columns);
    let arrows = references.iter().map(|reference| arrow(nodes, reference));
    arrows.collect()
}

/// The layer of each box: one more than that of all that it refers to. A reference that closes a circle does not count.
fn layers(number: usize, references: &[Reference]) -> Vec<usize> {
    let mut layers = vec![None; number];
    let mut is_open = vec![false; number];
    for node in 0..number {
        layer(node, references, &mut layers, &mut is_open);
    }
    layers.into_iter().map(Option::unwrap_or_default).collect()
}

fn layer(
    node: usize,
    references: &[Reference],
    layers: &mut [Option<usize>],
    is_open: &mut [bool],
) -> usize {
    if let Some(known) = layers[node] {
        return known;
    }
    is_open[node] = true;
    let mut found = 0;
    for reference in references.iter().filter(|it| it.from == node) {
        if !is_open[reference.to] {
            found = found.max(1 + layer(reference.to, references, layers, is_open));
        }
    }
    is_open[node] = false;
    layers[node] = Some(found);
    found
}

/// The boxes of each column: a layer is several of them if it would be much higher than the picture is wide.
fn split(nodes: &[Node], layers: &[usize]) -> Vec<Vec<usize>> {
    let height = |node: usize| nodes[node].size().1 + BETWEEN;
    let area: f64 = nodes
        .iter()
        .map(|node| (node.size().0 + ACROSS) * (node.size().1 + BETWEEN))
        .sum();
    let limit = area.sqrt().max(400.0);
    let last = layers.iter().max().copied().unwrap_or_default();
    let mut columns = Vec::new();
    for layer in 0..=last {
        let mut column = Vec::new();
        let mut filled = 0.0;
        for node in (0..nodes.len()).filter(|node| layers[*node] == layer) {
            if filled + height(node) > limit && !column.is_empty() {
                columns.push(std::mem::take(&mut column));
                filled = 0.0;
            }
            filled += height(node);
            column.push(node);
        }
        columns.push(column);
    }
    columns
}

/// Puts boxes beside those that they refer to, so that fewer arrows cross.
fn sort_by_what_they_refer_to(
    column: &mut [usize],
    before: &[Vec<usize>],
    references: &[Reference],
) {
    let position = |node: usize| {
        let mut places = before.iter().flat_map(|column| {
            let middle = column.len() as f64 / 2.0;
            let numbered = column.iter().enumerate();
            numbered.map(move |(place, node)| (*node, place as f64 - middle))
        });
        places.find(|(it, _)| *it == node).map(|(_, place)| place)
    };
    let average = |node: usize| {
        let referred = references.iter().filter(|it| it.from == node);
        let places: Vec<_> = referred.filter_map(|it| position(it.to)).collect();
        places.iter().sum::<f64>() / places.len().max(1) as f64
    };
    column.sort_by(|a, b| average(*a).total_cmp(&average(*b)));
}

fn place(nodes: &mut [Node], columns: &[Vec<usize>]) {
    let height_of = |nodes: &[Node], column: &[usize]| {
        let heights = column.iter().map(|node| nodes[*node].size().1 + BETWEEN);
        heights.sum::<f64>() - BETWEEN
    };
    let tallest = columns.iter().map(|column| height_of(nodes, column));
    let tallest = tallest.fold(0.0, f64::max);
    let mut x = 0.0;
    for column in columns.iter().filter(|column| !column.is_empty()) {
        let mut y = (tallest - height_of(nodes, column)) / 2.0;
        let mut width: f64 = 0.0;
        for node in column {
            let node = &mut nodes[*node];
            (node.x, node.y) = (x, y);
            let size = node.size();
            y += size.1 + BETWEEN;
            width = width.max(size.0);
        }
        x += width + ACROSS;
    }
}

fn arrow(nodes: &[Node], reference: &Reference) -> Arrow {
    let (from, to) = (&nodes[reference.from], &nodes[reference.to]);
    let y = from.y + from.line_height(reference.line);
    let end = (to.x + to.size().0, to.y + to.line_height(None));
    let is_dashed = !reference.is_required;
    if to.x < from.x {
        Arrow {
            from: (from.x, y),
            to: end,
            bend: Bend::Left,
            is_dashed,
        }
    } else {
        Arrow {
            from: (from.x + from.size().0, y),
            to: end,
            bend: Bend::Loop,
            is_dashed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nodes(number: usize) -> Vec<Node> {
        let node = |number: usize| Node {
            title: format!("table_{number}"),
            lines: vec![("id".to_owned(), "bigint".to_owned())],
            ..Node::default()
        };
        (0..number).map(node).collect()
    }

    fn refer(from: usize, to: usize) -> Reference {
        Reference {
            from,
            line: Some(0),
            to,
            is_required: true,
        }
    }

    /// No two boxes cover each other.
    fn check(nodes: &[Node]) {
        for (number, a) in nodes.iter().enumerate() {
            for b in &nodes[number + 1..] {
                let apart = |a: f64, size: f64, b: f64| a + size <= b;
                let is_beside = apart(a.x, a.size().0, b.x) || apart(b.x, b.size().0, a.x);
                let is_above = apart(a.y, a.size().1, b.y) || apart(b.y, b.size().1, a.y);
                assert!(is_beside || is_above, "{a:?} {b:?}");
            }
        }
    }

    #[test]
    fn what_is_referred_to_is_at_the_left() {
        let mut nodes = nodes(3);
        let arrows = arrange(&mut nodes, &[refer(0, 1), refer(1, 2), refer(0, 2)]);
        assert!(nodes[2].x < nodes[1].x && nodes[1].x < nodes[0].x);
        assert_eq!(arrows.len(), 3);
        check(&nodes);
    }

    #[test]
    fn circles_and_references_to_oneself_have_an_end() {
        let mut nodes = nodes(3);
        let references = [refer(0, 0), refer(0, 1), refer(1, 2), refer(2, 0)];
        assert_eq!(arrange(&mut nodes, &references).len(), 4);
        check(&nodes);
    }

    #[test]
    fn many_tables_fill_a_picture_that_is_not_a_strip() {
        let mut nodes = nodes(100);
        let references: Vec<_> = (1..40).map(|number| refer(number, number / 2)).collect();
        arrange(&mut nodes, &references);
        check(&nodes);
        let width = nodes
            .iter()
            .map(|it| it.x + it.size().0)
            .fold(0.0, f64::max);
        let height = nodes
            .iter()
            .map(|it| it.y + it.size().1)
            .fold(0.0, f64::max);
        assert!((0.3..4.0).contains(&(width / height)), "{width} {height}");
    }
}
