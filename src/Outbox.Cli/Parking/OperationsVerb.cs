using System.CommandLine;
using Outbox.Cli.Answers;
using Outbox.Cli.Calls;
using Outbox.Operations;
using Outbox.Operations.Bulk;

namespace Outbox.Cli.Parking;

/// <summary><c>operations</c>: bulk operations and how far they are.</summary>
internal static class OperationsVerb
{
    private static readonly Argument<string> Id = new("id") { Description = "The operation." };
    private static readonly PageOptions Pages = new();
    private static readonly ActOptions Act = new();

    public static Command Create(Caller caller)
    {
        var list = new Command("list", "List bulk operations, the latest first.");
        Pages.AddTo(list);
        return new Command("operations", "See bulk operations, go on with one, or end it.")
        {
            caller.Runs(list, ListAsync),
            caller.Runs(new Command("show", "Show how far an operation is.") { Id }, ShowAsync),
            caller.Runs(new Command("run", "Work on an operation here until it has ended, or wait for the instance that does.") { Id }, RunAsync),
            caller.Runs(new Command("cancel", "End an operation. What was done stays done.") { Id, Act.Reason }, CancelAsync),
        };
    }

    private static async Task<ExitCode> ListAsync(Call call)
    {
        var place = await call.OpenAsync().ConfigureAwait(false);
        var page = await Pages.ReadAsync(call, (cursor, size) => place.Get<IBulkOperations>().ListOperationsAsync(cursor, size, call.Cancellation)).ConfigureAwait(false);
        var now = place.Now;
        call.Answer.Page(
            [.. page.Items.Select(OperationRow.Of)],
            page.Next,
            "There are no operations.",
            new("operation", row => row.Id),
            new("what", row => $"{row.Action} of the {row.Side}".ToLowerInvariant()),
            new("state", row => row.State.ToString().ToLowerInvariant()) { Tone = row => row.State is BulkState.Failed ? Tone.Bad : Tone.Normal },
            new("done", row => $"{OperationRow.Number(row.Done)} of {OperationRow.Number(row.Total)}"),
            new("failed again", row => OperationRow.Number(row.FailedAgain)),
            new("skipped", row => OperationRow.Number(row.Skipped)),
            new("started", row => Ages.At(row.StartedAt, now)),
            new("by", row => row.By),
            new("why", row => row.Reason));
        return ExitCode.Done;
    }

    private static async Task<ExitCode> ShowAsync(Call call)
    {
        var place = await call.OpenAsync().ConfigureAwait(false);
        var found = await place.Get<IBulkOperations>().GetOperationAsync(call.Get(Id), call.Cancellation).ConfigureAwait(false) ?? throw None(call);
        call.Answer.One(OperationRow.Of(found), row => row.Write(call.Answer, place.Now));
        return ExitCode.Done;
    }

    private static async Task<ExitCode> RunAsync(Call call)
    {
        var place = await call.OpenAsync().ConfigureAwait(false);
        _ = await place.Get<IBulkOperations>().GetOperationAsync(call.Get(Id), call.Cancellation).ConfigureAwait(false) ?? throw None(call);
        var ended = await BulkProgress.RunAsync(place, call.Get(Id), call).ConfigureAwait(false);
        call.Answer.One(OperationRow.Of(ended), row => row.Write(call.Answer, place.Now));
        return OperationRow.CodeOf(ended);
    }

    private static async Task<ExitCode> CancelAsync(Call call)
    {
        var decision = new Decision(Act.ReasonOf(call)) { By = ActOptions.Actor };
        var place = await call.OpenAsync().ConfigureAwait(false);
        var bulk = place.Get<IBulkOperations>();
        _ = await bulk.GetOperationAsync(call.Get(Id), call.Cancellation).ConfigureAwait(false) ?? throw None(call);
        if (!await bulk.CancelAsync(call.Get(Id), decision, call.Cancellation).ConfigureAwait(false))
        {
            throw new CommandException(ExitCode.Refused, $"Operation {call.Get(Id)} has ended already: outbox operations show {call.Get(Id)}.");
        }

        var found = await bulk.GetOperationAsync(call.Get(Id), call.Cancellation).ConfigureAwait(false) ?? throw None(call);
        call.Answer.One(OperationRow.Of(found), row => row.Write(call.Answer, place.Now));
        return ExitCode.Done;
    }

    private static CommandException None(Call call) => new(ExitCode.NotFound, $"There is no operation '{call.Get(Id)}'. outbox operations list lists them.");
}
