// A program in Rust with its standard library: counts words of its input or of files, says the most frequent, and shows
// that panics and errors come out as they should.
use std::collections::HashMap;
use std::io::{self, BufRead, Read, Write};
use std::time::{Duration, Instant, SystemTime};
use std::{env, fs, process};

fn count(text: &str) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()) {
        *counts.entry(word.to_lowercase()).or_insert(0) += 1;
    }
    counts
}

fn show(counts: HashMap<String, usize>) {
    let mut sorted: Vec<_> = counts.into_iter().collect();
    sorted.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    for (word, count) in sorted.iter().take(5) {
        println!("{count} {word}");
    }
}

fn main() -> io::Result<()> {
    let arguments: Vec<String> = env::args().collect();
    match arguments.get(1).map(String::as_str) {
        Some("input") => {
            let mut text = String::new();
            io::stdin().read_to_string(&mut text)?;
            show(count(&text));
        }
        Some("lines") => {
            for (number, line) in io::stdin().lock().lines().enumerate() {
                println!("{}: {}", number + 1, line?);
            }
        }
        Some("folder") => {
            let mut text = String::new();
            let mut names: Vec<_> = fs::read_dir(&arguments[2])?.collect::<io::Result<Vec<_>>>()?;
            names.sort_by_key(|entry| entry.file_name());
            for entry in names {
                let status = entry.metadata()?;
                println!("{} {} {}", entry.file_name().to_string_lossy(), status.is_dir(), status.len());
                if status.is_file() {
                    text += &fs::read_to_string(entry.path())?;
                }
            }
            show(count(&text));
        }
        Some("tree") => {
            let root = format!("{}/a/b/c", arguments[2]);
            fs::create_dir_all(&root)?;
            for number in 0..100 {
                fs::write(format!("{root}/{number}"), number.to_string())?;
            }
            fs::rename(format!("{root}/7"), format!("{}/seven", arguments[2]))?;
            fs::copy(format!("{root}/8"), format!("{}/eight", arguments[2]))?;
            println!("{}", fs::read_dir(&root)?.count());
            fs::remove_dir_all(format!("{}/a", arguments[2]))?;
            let mut file = fs::OpenOptions::new().append(true).open(format!("{}/seven", arguments[2]))?;
            write!(file, " and more")?;
            file.sync_all()?;
        }
        Some("clock") => {
            let start = Instant::now();
            std::thread::sleep(Duration::from_millis(20));
            assert!(start.elapsed() >= Duration::from_millis(20));
            assert!(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs() > 1_600_000_000);
            println!("the time passes");
        }
        Some("variable") => println!("{:?}", env::var(&arguments[2])),
        Some("panic") => panic!("as asked"),
        Some("exit") => process::exit(arguments[2].parse().unwrap()),
        _ => {
            eprintln!("unknown command");
            process::exit(2);
        }
    }
    Ok(())
}
