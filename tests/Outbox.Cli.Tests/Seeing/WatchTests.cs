using System.Text.Json;
using Outbox.Cli.Answers;
using Outbox.Cli.Calls;
using Outbox.Cli.Tests.Servers;

namespace Outbox.Cli.Tests.Seeing;

public sealed class WatchTests
{
    [Fact]
    public async Task Status_is_shown_again_until_it_is_cancelled_which_is_no_error()
    {
        var environment = await Installed.EnvironmentAsync();
        using var stop = new CancellationTokenSource();
        var shown = new StopsAtTheThird(stop);
        var surroundings = new Surroundings(new Screen(shown, TextWriter.Null), environment.GetValueOrDefault, TimeProvider.System);

        var code = await new OutboxCommand(surroundings).RunAsync(["status", "--watch", "--every", "0.1s", "-o", "jsonl"], stop.Token);

        Assert.Equal((int)ExitCode.Done, code);
        var lines = shown.ToString().Trim().Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.All(lines, line => Assert.Equal("healthy", JsonDocument.Parse(line).RootElement.GetProperty("state").GetString()));
    }

    private sealed class StopsAtTheThird(CancellationTokenSource stop) : StringWriter
    {
        private int _lines;

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (++_lines == 3)
            {
                stop.Cancel();
            }
        }
    }
}
