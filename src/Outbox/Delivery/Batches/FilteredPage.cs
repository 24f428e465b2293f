using Outbox.Messages;

namespace Outbox.Delivery.Batches;

/// <summary>A page of the outbox, sorted by what to do with its messages.</summary>
/// <param name="Ready">To be published now.</param>
/// <param name="Expired">To be dropped.</param>
/// <param name="Waiting">How many wait.</param>
internal sealed record FilteredPage(IReadOnlyList<OutboxMessage> Ready, IReadOnlyList<OutboxMessage> Expired, int Waiting);
