using Outbox.Cli.Answers;
using Outbox.Cli.Calls;
using Outbox.Cli.Connecting;
using Outbox.Operations.Bulk;
using Spectre.Console;

namespace Outbox.Cli.Parking;

/// <summary>Works on a bulk operation until it has ended, and shows how far it is where somebody looks.</summary>
internal static class BulkProgress
{
    /// <exception cref="CommandException">It was cancelled before its end.</exception>
    public static async Task<BulkOperation> RunAsync(OutboxPlace place, string id, Call call)
    {
        try
        {
            return await WatchAsync(place, id, call).ConfigureAwait(false);
        }
        catch (OperationCanceledException error) when (call.Cancellation.IsCancellationRequested)
        {
            throw new CommandException(ExitCode.PartlyDone, $"Operation {id} is not at its end. An instance of the service goes on with it; or outbox operations run {id}.", error);
        }
    }

    private static async Task<BulkOperation> WatchAsync(OutboxPlace place, string id, Call call)
    {
        var bulk = place.Get<IBulkOperations>();
        if (!call.Answer.Screen.ErrorIsTerminal)
        {
            return await bulk.RunAsync(id, null, call.Cancellation).ConfigureAwait(false);
        }

        return await call.Answer.Screen.WordConsole().Progress().AutoClear(true).StartAsync(context =>
        {
            var bar = context.AddTask("messages", maxValue: 1);
            return bulk.RunAsync(id, new Shown(bar), call.Cancellation);
        }).ConfigureAwait(false);
    }

    private sealed class Shown(ProgressTask bar) : IProgress<BulkOperation>
    {
        public void Report(BulkOperation value)
        {
            bar.MaxValue = Math.Max(1, value.Total);
            bar.Value = value.Done + value.Skipped;
        }
    }
}
