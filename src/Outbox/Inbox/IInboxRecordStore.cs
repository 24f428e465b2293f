namespace Outbox.Inbox;

/// <summary>Remembers processed messages outside of any transaction.</summary>
public interface IInboxRecordStore
{
    /// <summary>Whether the message was processed.</summary>
    Task<bool> ContainsAsync(InboxRecord record, CancellationToken cancellationToken);

    /// <summary>Remembers that the message was processed; one that is remembered already is fine.</summary>
    Task AddAsync(InboxRecord record, CancellationToken cancellationToken);
}
