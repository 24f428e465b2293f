using System.CommandLine;
using Outbox.Cli.Answers;
using Outbox.Cli.Calls;
using Outbox.Operations.Auditing;

namespace Outbox.Cli.Seeing;

/// <summary><c>audit</c>: who did what, and why.</summary>
internal static class AuditVerb
{
    private static readonly Option<string?> By = new("--by") { Description = "Only what this person did.", HelpName = "name" };
    private static readonly Option<string?> Act = new("--act") { Description = "Only this act: retry, discard, restore, edit, replay, release, pause, resume.", HelpName = "act" };
    private static readonly Option<string?> Message = new("--message") { Description = "Only what was done with this message.", HelpName = "id" };
    private static readonly Option<string?> Type = new("--entity-type") { Description = "Only what was done with entities of this type.", HelpName = "type" };
    private static readonly Option<string?> Entity = new("--entity") { Description = "Only what was done with the entities of this id.", HelpName = "id" };
    private static readonly Option<string?> Operation = new("--operation") { Description = "Only what is part of this bulk operation.", HelpName = "id" };
    private static readonly Option<string?> From = new("--from") { Description = "Only what was done at this moment or later: 2026-11-26T05:30:00Z, or 2h ago.", HelpName = "time" };
    private static readonly Option<string?> Before = new("--before") { Description = "Only what was done before this moment.", HelpName = "time" };
    private static readonly PageOptions Pages = new();

    public static Command Create(Caller caller)
    {
        var command = new Command("audit", "List what people did, the latest first.") { By, Act, Message, Type, Entity, Operation, From, Before };
        Pages.AddTo(command);
        return caller.Runs(command, RunAsync);
    }

    private static async Task<ExitCode> RunAsync(Call call)
    {
        var place = await call.OpenAsync().ConfigureAwait(false);
        var now = place.Now;
        var filter = new AuditFilter
        {
            By = call.Get(By),
            Act = call.Get(Act),
            MessageId = call.Get(Message),
            EntityType = call.Get(Type),
            EntityId = call.Get(Entity),
            OperationId = call.Get(Operation),
            From = call.Get(From) is { } from ? Times.Moment(from, "--from", now) : null,
            Before = call.Get(Before) is { } before ? Times.Moment(before, "--before", now) : null,
        };
        var page = await Pages.ReadAsync(call, (cursor, size) => place.Get<IAudit>().AuditAsync(filter, cursor, size, call.Cancellation)).ConfigureAwait(false);
        call.Answer.Page(
            [.. page.Items.Select(AuditRow.Of)],
            page.Next,
            "Nothing of that kind was done.",
            new("when", row => $"{Ages.Exact(row.At)}, {Ages.At(row.At, now)}"),
            new("who", row => row.ByKind == "claimed" ? $"{row.By} (claimed)" : row.By),
            new("act", row => row.Act),
            new("what", row => row.Target),
            new("why", row => row.Reason),
            new("outcome", row => row.Outcome),
            new("via", row => row.Via));
        return ExitCode.Done;
    }
}

/// <summary>An act, as programs read it.</summary>
internal sealed record AuditRow(DateTimeOffset At, string Act, string Target, string By, string ByKind, string? Via, string Reason, string Outcome)
{
    public IReadOnlyList<string> MessageIds { get; init; } = [];

    public string? EntityType { get; init; }

    public string? EntityId { get; init; }

    public string? Topic { get; init; }

    public string? Endpoint { get; init; }

    public string? OperationId { get; init; }

    /// <summary>An edited payload's original is left out: it is one that may be nobody's business.</summary>
    public static AuditRow Of(AuditEntry entry) =>
        new(entry.At, entry.Act, entry.Target, entry.By.Name, entry.By.Kind.ToString().ToLowerInvariant(), entry.By.Via, entry.Reason, entry.Outcome)
        {
            MessageIds = entry.MessageIds,
            EntityType = entry.EntityType,
            EntityId = entry.EntityId,
            Topic = entry.Topic,
            Endpoint = entry.Endpoint,
            OperationId = entry.OperationId,
        };
}
