// The frame of every page: head, style sheet, content policy, foot.

enum Page {
  /// `header` and `body` are markup; the title is escaped here.
  static func html(title: String, header: String, body: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; \
    style-src 'unsafe-inline'">
    <title>\(HTML.escaped(title)) · Eidetic report</title>
    <style>\(Style.sheet)</style>
    </head>
    <body>
    \(header)
    <main>
    \(body)
    </main>
    <footer><p>Made by Eidetic from <code>result.json</code> alone. Numbers from a tiny model \
    trained from scratch show direction and dependence, not the size of effects in large \
    models.</p></footer>
    </body>
    </html>

    """
  }
}
