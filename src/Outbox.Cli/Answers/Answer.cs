using Spectre.Console;
using Spectre.Console.Rendering;

namespace Outbox.Cli.Answers;

/// <summary>What the command says: data in the format that was asked for, and words beside it.</summary>
internal sealed class Answer(Screen screen, OutputFormat format)
{
    private readonly IAnsiConsole _data = screen.DataConsole();

    public Screen Screen => screen;

    public OutputFormat Format => format;

    public bool IsTable => format == OutputFormat.Table;

    /// <summary>Says something to the person, beside the data.</summary>
    public void Say(string words) => screen.Error.WriteLine(Plain.Lines(Secrets.Hide(words)));

    /// <summary>Writes one thing: as JSON, or as the person is told it.</summary>
    public void One<T>(T value, Action<T> table)
    {
        if (IsTable)
        {
            table(value);
        }
        else
        {
            screen.Out.WriteLine(format == OutputFormat.Json ? JsonText.Document(value) : JsonText.Line(value));
        }
    }

    /// <summary>Writes a list: as an array, as lines, or as a table.</summary>
    public void Many<T>(IReadOnlyList<T> rows, string none, params IReadOnlyList<Column<T>> columns)
    {
        switch (format)
        {
            case OutputFormat.Json:
                screen.Out.WriteLine(JsonText.Document(rows));
                break;
            case OutputFormat.Jsonl:
                Lines(rows);
                break;
            case OutputFormat.Table when rows.Count == 0:
                Say(none);
                break;
            default:
                Table(rows, columns);
                break;
        }
    }

    /// <summary>Writes a page of a list; where the next one begins is in the document, or beside the data.</summary>
    public void Page<T>(IReadOnlyList<T> rows, string? next, string none, params IReadOnlyList<Column<T>> columns)
    {
        if (format == OutputFormat.Json)
        {
            screen.Out.WriteLine(JsonText.Document(new Paged<T>(rows, next)));
            return;
        }

        Many(rows, none, columns);
        if (next is not null)
        {
            Say($"There are more: --cursor {next}");
        }
    }

    /// <summary>Makes room for what is shown in the place of what was: on a terminal only, elsewhere it follows.</summary>
    public void Again()
    {
        if (IsTable && screen.OutIsTerminal)
        {
            _data.Clear();
        }
        else if (IsTable)
        {
            Line();
        }
    }

    /// <summary>Writes one line to the person: of text that may come from anywhere.</summary>
    public void Line(string text = "", Tone tone = Tone.Normal)
    {
        if (screen.OutIsTerminal)
        {
            // Broken between words, where the terminal ends.
            Write(new Text(Plain.Lines(text) + Environment.NewLine, StyleOf(tone)));
        }
        else
        {
            screen.Out.WriteLine(Plain.Lines(text));
        }
    }

    /// <summary>Writes a table to the person.</summary>
    public void Table<T>(IReadOnlyList<T> rows, params IReadOnlyList<Column<T>> columns) => Write(TableOf(rows, columns));

    private void Lines<T>(IEnumerable<T> rows)
    {
        foreach (var row in rows)
        {
            screen.Out.WriteLine(JsonText.Line(row));
        }
    }

    private void Write(IRenderable content) => _data.Write(content);

    private static Table TableOf<T>(IReadOnlyList<T> rows, IReadOnlyList<Column<T>> columns)
    {
        var table = new Table { Border = TableBorder.None, ShowHeaders = true };
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column.Title.ToUpperInvariant(), StyleOf(Tone.Quiet))) { Padding = new Padding(0, 0, 2, 0) });
        }

        foreach (var row in rows)
        {
            // Text, and never markup: what came from a message is no tag.
            table.AddRow(columns.Select(column => new Text(Plain.Short(column.Text(row), column.Most), StyleOf(column.Tone?.Invoke(row) ?? Tone.Normal))));
        }

        return table;
    }

    private static Style StyleOf(Tone tone) => tone switch
    {
        Tone.Good => new Style(Color.Green),
        Tone.Warning => new Style(Color.Yellow),
        Tone.Bad => new Style(Color.Red),
        Tone.Quiet => new Style(Color.Grey),
        _ => Style.Plain,
    };

    private sealed record Paged<T>(IReadOnlyList<T> Items, string? Next);
}
