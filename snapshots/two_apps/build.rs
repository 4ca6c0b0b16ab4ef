//! Migrations are part of the program: a new file in their folder must rebuild it.

fn main() {
    println!("cargo::rerun-if-changed=migrations");
}
