using MongoDB.Bson;
using Outbox.Delivery.Operations;
using Outbox.Inbox.Operations;
using Outbox.MongoDb.Inbox.Parking;
using Outbox.MongoDb.Operations.Auditing;
using Outbox.MongoDb.Operations.Failures;
using Outbox.Operations.Auditing;
using Outbox.Operations.Bulk;

namespace Outbox.MongoDb.Operations.Bulk;

/// <summary>A bulk operation as a document of <c>outbox.operations</c>. Its times are the server's.</summary>
internal static class OperationDocument
{
    public const string LeaseUntil = "leaseUntil";

    /// <summary>Operations that have not ended.</summary>
    public static readonly BsonDocument IsOpen = new("open", true);

    private const string Failure = "error";

    private static readonly string[] Sides = ["outbox", "inbox", "discardedOutbox", "discardedInbox"];

    /// <summary>What is asked for, with the name of whoever asks.</summary>
    public static BsonDocument Of(BulkRequest request) => new()
    {
        { "action", ActionName(request.Action) },
        { "by", AuditDocument.Of(request.By) },
        { "reason", request.Reason },
        { OutboxOf(request.Action), request.Outbox is { } outbox ? Of(outbox) : [], request.Outbox is not null },
        { InboxOf(request.Action), request.Inbox is { } inbox ? Of(inbox) : [], request.Inbox is not null },
        { "limit", request.Limit ?? 0, request.Limit is not null },
        { "perSecond", request.PerSecond ?? 0, request.PerSecond is not null },
    };

    /// <summary>Whether an operation is what a request asks for.</summary>
    public static bool IsOf(BsonDocument operation, BulkRequest request)
    {
        var asked = Of(request);
        return new BsonDocument(operation.Where(field => asked.Contains(field.Name) || Sides.Contains(field.Name) || field.Name is "limit" or "perSecond")) == asked;
    }

    public static BulkOperation Read(BsonDocument operation)
    {
        var (done, skipped) = (operation["done"].ToInt64(), operation["skipped"].ToInt64());
        var (began, progressed) = (FailureFields.Time(operation, "beganAt"), FailureFields.Time(operation, "progressedAt"));
        return new BulkOperation(operation["_id"].AsString, ReadRequest(operation), Enum.Parse<BulkState>(operation["state"].AsString, ignoreCase: true), FailureFields.Time(operation, "startedAt") ?? default)
        {
            Total = Math.Max(operation["total"].ToInt64(), done + skipped),
            Done = done,
            Skipped = skipped,
            Rate = progressed - began is { TotalMilliseconds: > 0 } time ? Math.Round((done + skipped) / time.TotalSeconds, 1) : 0,
            BeganAt = began,
            ProgressedAt = progressed,
            EndedAt = FailureFields.Time(operation, "endedAt"),
            Owner = FailureFields.Text(operation, "owner"),
            Error = FailureFields.Text(operation, Failure),
        };
    }

    public static string StateName(BulkState state) => state.ToString().ToLowerInvariant();

    public static string ActionName(BulkAction action) => action switch
    {
        BulkAction.Retry => AuditActs.Retry,
        BulkAction.Restore => AuditActs.Restore,
        _ => AuditActs.Discard,
    };

    /// <summary>An instance of an earlier version takes what it does not know for a discard: of what is to be restored it finds no filter, and leaves it.</summary>
    private static string OutboxOf(BulkAction action) => action == BulkAction.Restore ? Sides[2] : Sides[0];

    private static string InboxOf(BulkAction action) => action == BulkAction.Restore ? Sides[3] : Sides[1];

    private static BulkAction ActionOf(BsonDocument operation) => operation["action"].AsString switch
    {
        AuditActs.Retry => BulkAction.Retry,
        AuditActs.Restore => BulkAction.Restore,
        _ => BulkAction.Discard,
    };

    private static BulkRequest ReadRequest(BsonDocument operation) => new()
    {
        Id = operation["_id"].AsString,
        Action = ActionOf(operation),
        Reason = operation["reason"].AsString,
        By = AuditDocument.ReadActor(operation["by"].AsBsonDocument),
        Outbox = operation.GetValue(OutboxOf(ActionOf(operation)), null) is BsonDocument outbox ? ReadOutbox(outbox) : null,
        Inbox = operation.GetValue(InboxOf(ActionOf(operation)), null) is BsonDocument inbox ? ReadInbox(inbox) : null,
        Limit = operation.TryGetValue("limit", out var limit) ? limit.ToInt64() : null,
        PerSecond = operation.TryGetValue("perSecond", out var perSecond) ? perSecond.ToDouble() : null,
    };

    private static BsonDocument Of(ParkedFilter filter) => Of(
        ("topic", filter.Topic), ("entityType", filter.EntityType), ("entityId", filter.EntityId), ("type", filter.Type), ("errorGroup", filter.ErrorGroup), ("error", filter.Error),
        ("parkedFrom", Text(filter.ParkedFrom)), ("parkedBefore", Text(filter.ParkedBefore)));

    private static BsonDocument Of(ParkedInboxFilter filter) => Of(
        ("endpoint", filter.Endpoint), ("reason", filter.Reason is { } reason ? ParkedDocument.ReasonName(reason) : null), ("topic", filter.Topic), ("entityType", filter.EntityType),
        ("entityId", filter.EntityId), ("type", filter.Type), ("errorGroup", filter.ErrorGroup), ("error", filter.Error),
        ("parkedFrom", Text(filter.ParkedFrom)), ("parkedBefore", Text(filter.ParkedBefore)));

    private static BsonDocument Of(params (string Name, string? Value)[] fields) =>
        new(fields.Where(field => field.Value is not null).Select(field => new BsonElement(field.Name, field.Value)));

    private static ParkedFilter ReadOutbox(BsonDocument filter) => new()
    {
        Topic = FailureFields.Text(filter, "topic"),
        EntityType = FailureFields.Text(filter, "entityType"),
        EntityId = FailureFields.Text(filter, "entityId"),
        Type = FailureFields.Text(filter, "type"),
        ErrorGroup = FailureFields.Text(filter, "errorGroup"),
        Error = FailureFields.Text(filter, "error"),
        ParkedFrom = Time(filter, "parkedFrom"),
        ParkedBefore = Time(filter, "parkedBefore"),
    };

    private static ParkedInboxFilter ReadInbox(BsonDocument filter) => new()
    {
        Endpoint = FailureFields.Text(filter, "endpoint"),
        Reason = FailureFields.Text(filter, "reason") is { } reason ? ParkedDocument.Reason(reason) : null,
        Topic = FailureFields.Text(filter, "topic"),
        EntityType = FailureFields.Text(filter, "entityType"),
        EntityId = FailureFields.Text(filter, "entityId"),
        Type = FailureFields.Text(filter, "type"),
        ErrorGroup = FailureFields.Text(filter, "errorGroup"),
        Error = FailureFields.Text(filter, "error"),
        ParkedFrom = Time(filter, "parkedFrom"),
        ParkedBefore = Time(filter, "parkedBefore"),
    };

    private static string? Text(DateTimeOffset? time) => time?.ToString("O");

    private static DateTimeOffset? Time(BsonDocument filter, string name) =>
        FailureFields.Text(filter, name) is { } text ? DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : null;
}
