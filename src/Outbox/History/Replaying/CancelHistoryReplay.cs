using Outbox.Messages.Intents;

namespace Outbox.History.Replaying;

/// <summary>A service does not want the rest of a history any more. Captured by <see cref="IHistoryRequests"/>.</summary>
/// <param name="Topic">The topic whose history it is.</param>
/// <param name="Into">Where it goes.</param>
/// <param name="RequestId">The request.</param>
public sealed record CancelHistoryReplay(string Topic, string Into, string RequestId) : ICommand;
