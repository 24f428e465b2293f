using MongoDB.Bson;
using Outbox.Operations.Errors;
using Outbox.Operations.Failures;

namespace Outbox.MongoDb.Operations.Failures;

/// <summary>What a parked document says of its failures.</summary>
internal static class FailureFields
{
    public const string Group = "errorGroup";
    public const string FirstFailedAt = "firstFailedAt";
    public const string LastRetriedAt = "lastRetriedAt";
    public const string Retries = "retries";
    public const string OperationId = "operationId";

    /// <summary>The bulk operation that has left it.</summary>
    public const string SkippedBy = "skippedBy";

    private const string Title = "errorTitle";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> Names = [Group, Title, FirstFailedAt, LastRetriedAt, Retries, OperationId, SkippedBy];

    public static BsonDocument Of(ErrorSignature signature) => new() { { Group, signature.Group }, { Title, signature.Title } };

    public static FailureRecord Read(BsonDocument parked) => new()
    {
        Group = Text(parked, Group) ?? FailureRecord.None.Group,
        Title = Text(parked, Title) ?? FailureRecord.None.Title,
        FirstFailedAt = Time(parked, FirstFailedAt),
        LastRetriedAt = Time(parked, LastRetriedAt),
        Retries = parked.GetValue(Retries, 0) is { IsNumeric: true } retries ? retries.ToInt32() : 0,
        OperationId = Text(parked, OperationId),
    };

    /// <summary>The signature that it was parked with.</summary>
    public static ErrorSignature? Signature(BsonDocument parked) => Text(parked, Group) is { } group ? new ErrorSignature(group, Text(parked, Title) ?? group) : null;

    public static string? Text(BsonDocument document, string name) => (document.GetValue(name, null) as BsonString)?.Value;

    public static DateTimeOffset? Time(BsonDocument document, string name) =>
        document.GetValue(name, null) is BsonDateTime time ? new DateTimeOffset(time.ToUniversalTime()) : null;
}
