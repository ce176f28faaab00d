//! Asking a destination over SMTP whether it takes a recipient: the callout of relay check `smtp`.
//!
//! One connection, no TLS, no message: EHLO, MAIL FROM:<>, RCPT TO, QUIT. Everything has a limit in time and bytes. A
//! destination that cannot be asked is passed over for the next one; if none answers the sender is to come back.

use crate::panel::limits::{CALLOUT_LINE_BYTES, CALLOUT_LINES, CALLOUT_SECONDS};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

/// What a callout came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// 2xx: the destination takes it.
    Taken { by: String },
    /// 5xx: it does not.
    Refused { by: String, said: String },
    /// 4xx, silence, or no connection, everywhere.
    Later { why: String },
}

/// Asks the destinations (`host:port`) in their order.
pub(crate) async fn ask(destinations: &[String], recipient: &str) -> Answer {
    let mut why = Vec::new();
    for destination in destinations {
        let asked = tokio::time::timeout(Duration::from_secs(CALLOUT_SECONDS), dialogue(destination, recipient)).await;
        match asked {
            Ok(Ok((code, _))) if (200..300).contains(&code) => return Answer::Taken { by: destination.clone() },
            Ok(Ok((code, said))) if (500..600).contains(&code) => return Answer::Refused { by: destination.clone(), said },
            Ok(Ok((_, said))) => why.push(format!("{destination} says {said}")),
            Ok(Err(error)) => why.push(format!("{destination}: {error}")),
            Err(_) => why.push(format!("{destination} did not answer within {CALLOUT_SECONDS} s")),
        }
    }
    Answer::Later { why: why.join("; ") }
}

async fn dialogue(destination: &str, recipient: &str) -> std::io::Result<(u16, String)> {
    let mut stream = BufReader::new(TcpStream::connect(destination).await?);
    let greeting = reply(&mut stream).await?;
    if greeting.0 != 220 {
        return Ok(later(greeting));
    }
    for command in ["EHLO mailwright.invalid\r\n", "MAIL FROM:<>\r\n"] {
        stream.write_all(command.as_bytes()).await?;
        let answer = reply(&mut stream).await?;
        if answer.0 != 250 {
            return Ok(later(answer));
        }
    }
    stream.write_all(format!("RCPT TO:<{recipient}>\r\n").as_bytes()).await?;
    let answer = reply(&mut stream).await?;
    // the answer is in hand; a destination that hangs up now changes nothing
    drop(stream.write_all(b"QUIT\r\n").await);
    Ok(answer)
}

/// A refusal before the recipient was named says nothing about the recipient.
fn later((code, said): (u16, String)) -> (u16, String) {
    (code.min(451), said)
}

/// One reply, all of its lines: the code, and the last line's text.
async fn reply(stream: &mut BufReader<TcpStream>) -> std::io::Result<(u16, String)> {
    let broken = |text: &str| std::io::Error::new(std::io::ErrorKind::InvalidData, text.to_owned());
    for _ in 0..CALLOUT_LINES {
        let mut line = Vec::new();
        let read = (&mut *stream).take(CALLOUT_LINE_BYTES).read_until(b'\n', &mut line).await?;
        if read == 0 || line.last() != Some(&b'\n') {
            return Err(broken("the connection ended within a reply"));
        }
        let text = String::from_utf8_lossy(&line).trim_end().to_owned();
        let code: u16 = text.get(..3).and_then(|c| c.parse().ok()).ok_or_else(|| broken("this is no SMTP"))?;
        if text.as_bytes().get(3) != Some(&b'-') {
            return Ok((code, crate::base::printable::printable_short(&text, 200)));
        }
    }
    Err(broken("the reply has too many lines"))
}
