using Outbox.Inbox;
using Outbox.Inbox.Health;
using Outbox.Inbox.Operations;

namespace Outbox.MongoDb.History.Projecting.Reading;

/// <summary>What is parked of a build, and what a person decides about it.</summary>
internal sealed class ParkedDecisions(IInboxOperations operations, IInboxBacklog backlog)
{
    private const int Most = 1_000;

    public Task<long> CountAsync(string build, CancellationToken cancellationToken) => backlog.CountParkedAsync(build, Most, cancellationToken);

    public Task<long> RetryAsync(string build, string reason, CancellationToken cancellationToken) => operations.RetryAllAsync(Failed(build), reason, cancellationToken);

    public Task<long> SkipAsync(string build, string reason, CancellationToken cancellationToken) => operations.DiscardAllAsync(Failed(build), reason, cancellationToken);

    private static ParkedInboxFilter Failed(string build) => new() { Endpoint = build, Reason = ParkReason.Failed };
}
