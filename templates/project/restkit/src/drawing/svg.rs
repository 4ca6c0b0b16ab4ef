//! SVG of boxes and arrows that have their places (<https://www.w3.org/TR/SVG2/>).

use std::fmt::Write;

/// The size of letters, and how wide one of a monospaced font is.
const FONT: f64 = 13.0;
const LETTER: f64 = 0.61 * FONT;

/// The height of a line of text, of a box's head, and the space around a text.
const LINE: f64 = 20.0;
const HEAD: f64 = 26.0;
const PADDING: f64 = 10.0;

/// The space around the picture.
const MARGIN: f64 = 16.0;

/// A box with a head and lines, and the place of its upper left corner.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Node {
    pub title: String,
    /// Each line's text, and what stands at its right end.
    pub lines: Vec<(String, String)>,
    /// For style: a word such as `faint`.
    pub class: &'static str,
    pub x: f64,
    pub y: f64,
}

impl Node {
    /// The size that its text needs.
    pub fn size(&self) -> (f64, f64) {
        let text = |text: &str| text.chars().count() as f64 * LETTER;
        let line = |(left, right): &(String, String)| {
            let gap = if right.is_empty() { 0.0 } else { 2.0 * LETTER };
            text(left) + gap + text(right)
        };
        let lines = self.lines.iter().map(line);
        let width = lines.fold(text(&self.title), f64::max) + 2.0 * PADDING;
        let room_below = if self.lines.is_empty() { 0.0 } else { 5.0 };
        let height = self.head() + self.lines.len() as f64 * LINE + room_below;
        (width.ceil(), height)
    }

    /// How high line `number` is below the upper edge, in its middle; without one, the head.
    pub fn line_height(&self, number: Option<usize>) -> f64 {
        match number {
            Some(number) => self.head() + (number as f64 + 0.5) * LINE,
            None => HEAD / 2.0,
        }
    }

    fn head(&self) -> f64 {
        let room_below = if self.lines.is_empty() { 0.0 } else { 4.0 };
        HEAD + room_below
    }
}

/// A line from one point to another, with a tip at its end.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrow {
    pub from: (f64, f64),
    pub to: (f64, f64),
    pub bend: Bend,
    /// Not each row has one.
    pub is_dashed: bool,
}

/// How an arrow leaves and arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bend {
    Straight,
    /// To the left at both ends.
    Left,
    /// Out to the right and back, for boxes above each other.
    Loop,
}

/// Writes the picture; `title` says to people who do not see it what it shows.
pub fn write(title: &str, nodes: &[Node], arrows: &[Arrow]) -> String {
    let right = nodes.iter().map(|node| node.x + node.size().0);
    let bottom = nodes.iter().map(|node| node.y + node.size().1);
    let loops = arrows.iter().filter(|arrow| arrow.bend == Bend::Loop);
    let loops = loops.map(|arrow| arrow.from.0.max(arrow.to.0) + 40.0);
    let width = right.chain(loops).fold(0.0, f64::max) + 2.0 * MARGIN;
    let height = bottom.fold(0.0, f64::max) + 2.0 * MARGIN;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"drawing\" role=\"img\" aria-label=\"{title}\" \
         viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" height=\"{height:.0}\" \
         font-family=\"ui-monospace, SFMono-Regular, Menlo, Consolas, monospace\" font-size=\"{FONT}\">\n\
         <title>{title}</title>\n\
         <rect class=\"ground\" width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n\
         <g transform=\"translate({MARGIN} {MARGIN})\">\n",
        title = escape(title),
    );
    for arrow in arrows {
        push_arrow(&mut svg, arrow);
    }
    for node in nodes {
        push_node(&mut svg, node);
    }
    svg.push_str("</g>\n</svg>\n");
    svg
}

fn push_arrow(svg: &mut String, arrow: &Arrow) {
    let ((x, y), (to_x, to_y)) = (arrow.from, arrow.to);
    let path = match arrow.bend {
        Bend::Straight => format!("M{x:.1} {y:.1}L{to_x:.1} {to_y:.1}"),
        Bend::Left => {
            let middle = (x + to_x) / 2.0;
            format!("M{x:.1} {y:.1}C{middle:.1} {y:.1} {middle:.1} {to_y:.1} {to_x:.1} {to_y:.1}")
        }
        Bend::Loop => {
            let far = x.max(to_x) + 40.0;
            format!("M{x:.1} {y:.1}C{far:.1} {y:.1} {far:.1} {to_y:.1} {to_x:.1} {to_y:.1}")
        }
    };
    let dashes = if arrow.is_dashed {
        " stroke-dasharray=\"5 4\""
    } else {
        ""
    };
    let _ = writeln!(
        svg,
        "<path class=\"arrow\" d=\"{path}\" fill=\"none\" stroke=\"#6b7280\"{dashes}/>"
    );
    // A tip of our own: a marker would need an id, which is unique in a page only once.
    let (dx, dy) = match arrow.bend {
        Bend::Left => (1.0, 0.0),
        Bend::Loop => (1.0, 0.0),
        Bend::Straight if (to_y - y).abs() > (to_x - x).abs() => (0.0, -1.0),
        Bend::Straight => (-1.0, 0.0),
    };
    let point = |along: f64, aside: f64| {
        let (px, py) = (
            to_x + along * dx + aside * dy,
            to_y + along * dy + aside * dx,
        );
        format!("{px:.1} {py:.1}")
    };
    let _ = writeln!(
        svg,
        "<path class=\"tip\" d=\"M{}L{}L{}Z\" fill=\"#6b7280\"/>",
        point(0.0, 0.0),
        point(7.0, 4.0),
        point(7.0, -4.0)
    );
}

fn push_node(svg: &mut String, node: &Node) {
    let (width, height) = node.size();
    let Node { class, x, y, .. } = node;
    let space = if class.is_empty() { "" } else { " " };
    let _ = writeln!(
        svg,
        "<g class=\"node{space}{class}\" transform=\"translate({x:.1} {y:.1})\">\n\
         <rect class=\"frame\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"6\" fill=\"#f8f7f4\" stroke=\"#b8b2a7\"/>\n\
         <text class=\"head\" x=\"{PADDING}\" y=\"18\" font-weight=\"bold\" fill=\"#1f2328\">{}</text>",
        escape(&node.title)
    );
    if !node.lines.is_empty() {
        let _ = writeln!(
            svg,
            "<path class=\"rule\" d=\"M0 {HEAD}H{width:.1}\" stroke=\"#b8b2a7\"/>"
        );
    }
    for (number, (left, right)) in node.lines.iter().enumerate() {
        let y = node.line_height(Some(number)) + 4.5;
        let _ = write!(
            svg,
            "<text x=\"{PADDING}\" y=\"{y:.1}\" fill=\"#1f2328\">{}</text>",
            escape(left)
        );
        if !right.is_empty() {
            let x = width - PADDING;
            let _ = write!(
                svg,
                "<text class=\"soft\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"end\" fill=\"#5c6370\">{}</text>",
                escape(right)
            );
        }
        svg.push('\n');
    }
    svg.push_str("</g>\n");
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // XML has no way to write the others.
            _ if letter.is_control() => escaped.push('\u{fffd}'),
            _ => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_cannot_leave_the_picture() {
        let node = Node {
            title: "<script>alert(\"1\")</script>\u{1}".to_owned(),
            ..Node::default()
        };
        let svg = write("a & b", &[node], &[]);
        assert!(!svg.contains("<script"), "{svg}");
        assert!(svg.contains("&lt;script&gt;alert(&quot;1&quot;)"), "{svg}");
        assert!(svg.contains("<title>a &amp; b</title>"), "{svg}");
        assert!(!svg.contains('\u{1}'));
    }

    #[test]
    fn a_box_has_room_for_its_longest_line() {
        let mut node = Node {
            title: "a".to_owned(),
            ..Node::default()
        };
        let small = node.size();
        node.lines
            .push(("a long line".to_owned(), "and its end".to_owned()));
        let large = node.size();
        assert!(
            large.0 > small.0 + 100.0 && large.1 > small.1,
            "{small:?} {large:?}"
        );
    }
}
