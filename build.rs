//! Rebuilds the program when a template comes or goes: `include_dir!` tracks only known files.

fn main() {
    println!("cargo::rerun-if-changed=templates");
}
