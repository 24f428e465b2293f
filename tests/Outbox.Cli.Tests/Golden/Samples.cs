using Outbox.Cli.Acting;
using Outbox.Cli.Answers;
using Outbox.Cli.Diagnosing;
using Outbox.Cli.Explaining;
using Outbox.Cli.Parking;
using Outbox.Cli.Seeing;
using Outbox.Inbox;
using Outbox.Messages;
using Outbox.Operations;
using Outbox.Operations.Auditing;
using Outbox.Operations.Bulk;
using Outbox.Operations.Explaining;
using Outbox.Operations.Failures;
using Outbox.Operations.Seeing;

namespace Outbox.Cli.Tests.Golden;

/// <summary>One answer of each verb, with all that it can say; what came from messages is hostile.</summary>
internal static class Samples
{
    private const string Hostile = "\u001b[2J[red]'not' an \"amount\"[/]\u202e";
    private static readonly DateTimeOffset At = new(2026, 11, 26, 5, 30, 0, 123, TimeSpan.Zero);
    private static readonly Actor Anna = Actor.Claimed("anna") with { Via = "command line on laptop-17" };
    private static readonly FailureRecord Failed = new() { Group = "0123456789ab", Title = "TimeoutException in Billing.Charge", FirstFailedAt = At, LastRetriedAt = At.AddMinutes(5), Retries = 2 };

    public static IReadOnlyDictionary<string, Action<Answer>> All { get; } = new Dictionary<string, Action<Answer>>
    {
        ["why"] = answer => answer.One(WhyAnswer.Of(Explained()), _ => { }),
        ["trace"] = answer => answer.Many([.. TraceStep.Of("orders", "m1", Explained())], ""),
        ["status"] = answer => answer.One(Status(), _ => { }),
        ["lanes"] = answer => answer.Many([new Lane(0, "host/1/a", 3, At) { Pending = 12 }, new Lane(1, null, 2, At) { LastOwner = "host/2/b", Pending = 10_000 }], ""),
        ["instances"] = answer => answer.Many([new InstanceStatus("host/1/a", IsAlive: true) { Lanes = [0, 1], RelaySeenAt = At, AliveUntil = At.AddSeconds(8), Endpoints = ["billing"] }], ""),
        ["lag"] = answer => answer.Many([new GroupLag("billing", "orders", 4, 120) { NeverCommitted = 1, WorstPartition = 2 }], ""),
        ["doctor"] = answer => answer.Many([Diagnosis.Ok("version", "MongoDB 7.0.1."), Diagnosis.Wrong("indexes", "Missing is retry.", "Run it."), Diagnosis.Unknown("kafka", "Not asked.")], ""),
        ["audit"] = answer => answer.Page([AuditRow.Of(Act())], "next-page", ""),
        ["parked-groups"] = answer => answer.Many([GroupRow.Of(Side.Inbox, Group())], ""),
        ["parked-list"] = answer => answer.Page([ParkedRow.Of(Side.Inbox, Summary())], null, ""),
        ["operations"] = answer => answer.Page([OperationRow.Of(Operation())], null, ""),
        ["sequences"] = answer => answer.Many([new SequenceRow("billing", "orders", "order", "42", 6, 9) { Deadline = At, Asks = 2 }], ""),
    };

    private static Explanation Explained() => new(
        "message m1", [new Finding(FindingCodes.InboxParked, FindingKind.Stuck, $"It failed: {Hostile}") { Since = At, Remedy = "Retry it." }, new Finding(FindingCodes.Published, FindingKind.Fact, "It was published.")])
    {
        Pending = [Message("m2") with { Lane = 3, NotBefore = At.AddHours(1) }],
        Sent = [Message("m1")],
        InboxParked = [Message("m1") with { Endpoint = "billing", Outcome = "failed", Error = Hostile, Attempts = 3, ParkedId = "p1" }],
        Processed = [Message("m1") with { Endpoint = "shipping", Outcome = "processed" }],
        Sequences = [new TracedSequence(new Sequence("billing", "orders", "42") { EntityType = "order" }, 6, Waits: true) { Asked = (7, 8), Asks = 2, AskedAt = At }],
    };

    private static TracedMessage Message(string id) => new(id, new Entity("order", "42"), "order-placed", "orders", 7, At);

    private static StatusAnswer Status() => new("orders", At)
    {
        State = OverviewState.Unhealthy,
        Findings = [new StatusFinding(OverviewState.Unhealthy, "No relay runs.")],
        Pending = 12,
        OldestAgeSeconds = 90.5,
        Parked = 1,
        InboxParked = 2,
        Lanes = 2,
        LanesWithoutOwner = [1],
        Relays = 1,
        Endpoints = [new EndpointRow("billing", 2) { Failed = 2, Unreadable = 1, Waiting = 3, OverdueGaps = 1, Faults = [new EndpointFault("No broker answers.", At)] }],
        ClosedPlaces = [new ClosedPlace("orders", null, "There is no such topic.", At)],
        Pauses = [new PauseStatus("topic orders", "topic", "orders", At, At.AddHours(1), "anna (claimed)", Hostile)],
    };

    private static AuditEntry Act() => new(AuditActs.Retry, "message m1", Anna, Hostile, "put back into the outbox")
    {
        Id = "a1",
        At = At,
        MessageIds = ["m1"],
        EntityType = "order",
        EntityId = "42",
        Topic = "orders",
        OperationId = "o1",
        Original = "{\"secret\":1}",
    };

    private static FailureGroup Group() => new(Failed.Group, Failed.Title, 40_000, At, At.AddHours(2), "p1") { Topics = ["orders"], Endpoints = ["billing"] };

    private static ParkedSummary Summary() => new()
    {
        Id = "p1",
        MessageId = "m1",
        Topic = "orders",
        Endpoint = "billing",
        EntityType = "order",
        EntityId = "42",
        Version = 7,
        Type = "order-placed",
        Reason = ParkReason.Failed,
        Error = Hostile,
        Attempts = 3,
        HoldsEntity = true,
        RetryRequested = false,
        ParkedAt = At,
        Failure = Failed,
        Discarded = new DiscardNote(At.AddHours(1), Anna, "a test order"),
    };

    private static BulkOperation Operation() => new("o1", new BulkRequest { Action = BulkAction.Retry, Reason = "billing is up again", By = Anna, Inbox = new() }, BulkState.Running, At)
    {
        Total = 40_000,
        Done = 12_000,
        FailedAgain = 3,
        Skipped = 1,
        Owner = "host/1/a",
        Error = "One was refused.",
    };
}
