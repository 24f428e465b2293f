using System.Globalization;
using Outbox.Cli.Answers;
using Outbox.Operations.Bulk;

namespace Outbox.Cli.Parking;

/// <summary>A bulk operation, as programs read it.</summary>
internal sealed record OperationRow(string Id, BulkState State, BulkAction Action, Side Side, DateTimeOffset StartedAt, string By, string Reason)
{
    public long Total { get; init; }

    public long Done { get; init; }

    public long FailedAgain { get; init; }

    public long Skipped { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public string? Owner { get; init; }

    public string? Error { get; init; }

    public static OperationRow Of(BulkOperation operation) => new(
        operation.Id, operation.State, operation.Request.Action, operation.Request.Inbox is null ? Side.Outbox : Side.Inbox, operation.StartedAt, operation.Request.By.ToString(), operation.Request.Reason)
    {
        Total = operation.Total,
        Done = operation.Done,
        FailedAgain = operation.FailedAgain,
        Skipped = operation.Skipped,
        EndedAt = operation.EndedAt,
        Owner = operation.Owner,
        Error = operation.Error,
    };

    /// <summary>How a command ends that waited for it.</summary>
    public static ExitCode CodeOf(BulkOperation operation) => operation switch
    {
        { State: BulkState.Done, Skipped: 0 } => ExitCode.Done,
        { Done: 0, State: BulkState.Failed } => ExitCode.Error,
        { Done: 0, Total: > 0 } => ExitCode.Refused,
        _ => ExitCode.PartlyDone,
    };

    public void Write(Answer answer, DateTimeOffset now)
    {
        answer.Line($"{Id}: {Action.ToString().ToLowerInvariant()}, {State.ToString().ToLowerInvariant()}", State is BulkState.Failed or BulkState.Cancelled ? Tone.Warning : Tone.Good);
        answer.Line($"  {Number(Done)} of {Number(Total)} done, {Number(FailedAgain)} failed again, {Number(Skipped)} skipped; started {Ages.At(StartedAt, now)} by {By}: {Reason}");
        if (Error is not null)
        {
            answer.Line($"  {Error}", Tone.Warning);
        }
    }

    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
