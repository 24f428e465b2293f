namespace Outbox.Operations.Bulk;

/// <summary>What a request for a bulk operation must be.</summary>
internal static class BulkRules
{
    private const int LongestId = 128;

    /// <exception cref="OutboxException">It is none; the message says why.</exception>
    public static void Check(BulkRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var wrong = request switch
        {
            { Outbox: null, Inbox: null } => "Say with BulkRequest.Outbox or Inbox which messages it is about; an empty filter is all of them.",
            { Outbox: not null, Inbox: not null } => "It is about one side: set either BulkRequest.Outbox or Inbox, and start another operation for the other.",
            { Id: { } id } when string.IsNullOrWhiteSpace(id) || id.Length > LongestId => $"BulkRequest.Id must have between 1 and {LongestId} characters.",
            { Limit: < 1 } => "BulkRequest.Limit must be at least 1.",
            { PerSecond: { } rate } when !(rate is >= 0.1 and <= 100_000) => "BulkRequest.PerSecond must be between 0.1 and 100,000.",
            _ when string.IsNullOrWhiteSpace(request.Reason) => "Say with BulkRequest.Reason why.",
            _ => null,
        };
        if (wrong is not null)
        {
            throw new OutboxException($"The bulk operation cannot be started. {wrong}");
        }
    }

    public static OutboxException IsAnother(string id) => new($"There is a bulk operation '{id}' already, which does something else. Give each an id of its own.");

    public static OutboxException IsNone(string id) => new($"There is no bulk operation '{id}'.");
}
