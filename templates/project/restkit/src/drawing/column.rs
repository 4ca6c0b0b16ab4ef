//! Steps below each other, with what may go wrong at each beside it.

use super::svg::{Arrow, Bend, Node};

const BETWEEN: f64 = 26.0;
const ACROSS: f64 = 46.0;

/// Places `steps` below each other and the `exits` that belong to them beside them; returns the arrows.
pub fn arrange(steps: &mut [Node], exits: &mut [Option<Node>]) -> Vec<Arrow> {
    let width = steps.iter().map(|step| step.size().0).fold(0.0, f64::max);
    let mut arrows = Vec::new();
    let mut y = 0.0;
    let mut above: Option<(f64, f64)> = None;
    for (step, exit) in steps.iter_mut().zip(exits) {
        step.y = y;
        let (own_width, mut height) = step.size();
        step.x = (width - own_width) / 2.0;
        let top = (width / 2.0, y);
        if let Some(from) = above {
            arrows.push(Arrow {
                from,
                to: top,
                bend: Bend::Straight,
                is_dashed: false,
            });
        }
        above = Some((width / 2.0, y + height));
        if let Some(exit) = exit {
            (exit.x, exit.y) = (width + ACROSS, y);
            arrows.push(Arrow {
                from: (step.x + own_width, y + step.line_height(None)),
                to: (exit.x, y + step.line_height(None)),
                bend: Bend::Straight,
                is_dashed: true,
            });
            height = height.max(exit.size().1);
        }
        y += height + BETWEEN;
    }
    arrows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_go_down_and_exits_stand_beside_theirs() {
        let node = |title: &str| Node {
            title: title.to_owned(),
            ..Node::default()
        };
        let mut steps = [node("route"), node("view")];
        let mut exits = [Some(node("404")), None];
        let arrows = arrange(&mut steps, &mut exits);
        assert_eq!(arrows.len(), 2);
        assert!(steps[1].y > steps[0].y);
        let exit = exits[0].as_ref().expect("an exit");
        assert_eq!(exit.y, steps[0].y);
        assert!(exit.x > steps[0].x + steps[0].size().0);
    }
}
