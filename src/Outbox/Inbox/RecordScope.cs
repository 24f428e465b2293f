namespace Outbox.Inbox;

/// <summary>
/// Says that an endpoint's messages come from several topics, whose producers may give the same id to different messages unless it is a UUID; a payload of the receive context.
/// </summary>
/// <param name="Topic">The message's topic.</param>
public sealed record RecordScope(string Topic)
{
    /// <summary>The topic that belongs to the id, or <see langword="null"/> for an id that is unique without.</summary>
    public string? Of(string messageId) => Guid.TryParse(messageId, out _) ? null : Topic;
}
