namespace Outbox.History.Replaying;

/// <summary>Asks the owners of topics for their histories: how a new service begins with what was there before it. See <c>docs/repair.md</c>.</summary>
public interface IHistoryRequests
{
    /// <summary>
    /// Asks for a topic's whole history. It makes the topic that it goes to, where it may; has the endpoint's group begin the live topic at its ends of now, where it has no offsets yet and nobody
    /// consumes in it; and captures the command. The answer comes by itself, whichever process dies.
    /// </summary>
    /// <param name="topic">The topic, which the owner keeps the history of.</param>
    /// <param name="endpoint">The endpoint that reads it: its Kafka group.</param>
    /// <param name="into">Where it goes; by default <see cref="HistoryTopic.Of"/> the endpoint.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The request's id.</returns>
    /// <exception cref="OutboxException">The topic is not registered, nobody answers for it, or the other one is none that its history may go to.</exception>
    Task<string> AskAsync(string topic, string endpoint, string? into = null, CancellationToken cancellationToken = default);

    /// <summary>Tells the owner that the rest is not wanted.</summary>
    /// <returns>Whether it was asked for and has not ended, as far as this service knows.</returns>
    Task<bool> CancelAsync(string into, CancellationToken cancellationToken = default);

    /// <summary>What became of the last request for a topic.</summary>
    /// <param name="into">Where it goes.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="OutboxException">Kafka does not say what is left to read.</exception>
    Task<HistoryRequest?> FindAsync(string into, CancellationToken cancellationToken = default);
}
