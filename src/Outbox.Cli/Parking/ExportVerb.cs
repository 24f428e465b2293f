using System.CommandLine;
using System.Globalization;
using Outbox.Cli.Answers;
using Outbox.Cli.Calls;
using Outbox.Operations;

namespace Outbox.Cli.Parking;

/// <summary><c>parked export</c>: writes parked messages down, whole, one a line.</summary>
internal static class ExportVerb
{
    private const int PageSize = 200;

    private static readonly Option<string?> ToFile = new("--file") { Description = "Where to; without it, stdout. A file that is there is not overwritten.", HelpName = "file" };
    private static readonly FilterOptions Filter = new();

    public static Command Create(Caller caller)
    {
        var command = new Command("export", "Write parked messages with payloads and headers, one JSON document a line. They may be somebody's data.") { ToFile };
        Filter.AddTo(command);
        return caller.Runs(command, RunAsync);
    }

    private static async Task<ExitCode> RunAsync(Call call)
    {
        var sides = Filter.Sides(call);
        var place = await call.OpenAsync().ConfigureAwait(false);
        var reading = new ParkedReading(place, call, Filter);
        var file = call.Get(ToFile) is { } path ? Create(path) : null;
        var (written, cursor) = (0L, (string?)null);
        try
        {
            do
            {
                Page<ParkedRow> page = await reading.PageAsync(sides, discarded: false, cursor, PageSize).ConfigureAwait(false);
                foreach (var row in page.Items)
                {
                    // What was retried meanwhile is no longer there.
                    if (await ParkedShown.FindAsync(place, row.Id, withPayload: true, call.Cancellation).ConfigureAwait(false) is { } whole)
                    {
                        await (file ?? call.Answer.Screen.Out).WriteLineAsync(JsonText.Line(whole)).ConfigureAwait(false);
                        written++;
                    }
                }

                cursor = page.Next;
            }
            while (cursor is not null);
        }
        finally
        {
            if (file is not null)
            {
                await file.DisposeAsync().ConfigureAwait(false);
            }
        }

        call.Answer.Say($"{written.ToString("N0", CultureInfo.InvariantCulture)} messages were written.");
        return ExitCode.Done;
    }

    private static StreamWriter Create(string path)
    {
        try
        {
            return new StreamWriter(new FileStream(path, FileMode.CreateNew, FileAccess.Write)) { NewLine = "\n" };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.Usage, $"{path} cannot be written: {error.Message}", error);
        }
    }
}
