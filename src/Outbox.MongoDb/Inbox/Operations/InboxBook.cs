namespace Outbox.MongoDb.Inbox.Operations;

/// <summary>What is parked in the inbox, to look at and to act on.</summary>
/// <param name="Failures">To look at.</param>
/// <param name="Acts">To act on.</param>
internal sealed record InboxBook(InboxFailures Failures, InboxActs Acts);
