using System.Collections.Concurrent;
using Spectre.Console;

namespace Demo.Display;

/// <summary>A table that changes in place, with the last events below it.</summary>
internal sealed class LiveDisplay : IDisplay
{
    private const int NotesShown = 8;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private readonly ConcurrentQueue<string> _notes = new();
    private volatile bool _isLive;

    public void Note(string text)
    {
        _notes.Enqueue(text);
        if (!_isLive)
        {
            AnsiConsole.MarkupLineInterpolated($"[grey]{text}[/]");
        }
    }

    public async Task ShowAsync(RunProgress progress, CancellationToken cancellationToken)
    {
        _notes.Clear();
        _isLive = true;
        await AnsiConsole.Live(Table(progress)).StartAsync(async context =>
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                await Task.Delay(Interval, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                context.UpdateTarget(Table(progress));
            }
        });
        _isLive = false;
    }

    private Table Table(RunProgress progress)
    {
        var table = new Table().Border(TableBorder.Rounded).HideHeaders().AddColumn("what").AddColumn("value");
        foreach (var (what, value) in progress.Lines())
        {
            table.AddRow(new Markup($"[bold]{Markup.Escape(what)}[/]"), new Text(value));
        }

        foreach (var note in _notes.TakeLast(NotesShown))
        {
            table.AddRow(new Text(""), new Markup($"[grey]{Markup.Escape(note)}[/]"));
        }

        return table;
    }
}
