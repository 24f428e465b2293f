using System.Diagnostics;

namespace Demo.Display;

/// <summary>Plain lines, when the output goes to a file or a pipe.</summary>
internal sealed class PlainDisplay : IDisplay
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly Stopwatch _since = Stopwatch.StartNew();

    public void Note(string text) => Console.WriteLine($"{_since.Elapsed.TotalSeconds,5:0.0} s  {text}");

    public async Task ShowAsync(RunProgress progress, CancellationToken cancellationToken)
    {
        var last = "";
        while (!cancellationToken.IsCancellationRequested)
        {
            var line = string.Join("; ", progress.Lines().Select(entry => $"{entry.What}: {entry.Value}"));
            if (line != last)
            {
                Note(line);
                last = line;
            }

            await Task.Delay(Interval, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
