using MongoDB.Bson;
using Outbox.MongoDb.Operations.Auditing;
using Outbox.Operations;
using Outbox.Operations.Failures;

namespace Outbox.MongoDb.Operations.Failures;

/// <summary>What a discarded document says of how it was given up.</summary>
internal static class DiscardFields
{
    public const string At = "discardedAt";

    /// <summary>Whether a later message of an entity that it held may have gone past.</summary>
    public const string Passed = "passed";

    private const string Note = "discarded";

    public static readonly IReadOnlyList<string> Names = [At, Passed, Note];

    public static BsonDocument Of(Actor by, string reason, string? operationId) => new(Note, new BsonDocument
    {
        { "by", AuditDocument.Of(by) },
        { "reason", reason },
        { FailureFields.OperationId, operationId, operationId is not null },
    });

    public static DiscardNote? Read(BsonDocument document) => document.GetValue(Note, null) is BsonDocument note
        ? new DiscardNote(FailureFields.Time(document, At) ?? default, AuditDocument.ReadActor(note["by"].AsBsonDocument), note["reason"].AsString)
        {
            OperationId = FailureFields.Text(note, FailureFields.OperationId),
        }
        : null;
}
