namespace Outbox.Inbox.Sequencing;

/// <summary>
/// Keeps messages that came before their predecessors until it is their turn, and knows which parked ones are to be tried again. It is shared by all instances of an endpoint and survives them.
/// </summary>
public interface IReorderBuffer
{
    /// <summary>Has a message wait, unless its turn has come or too many wait already. The same message waits once.</summary>
    Task<WaitOutcome> AddAsync(Sequence sequence, ParkedMessage message, CancellationToken cancellationToken);

    /// <summary>The waiting message whose turn it is, or one whose turn is over; it stays until it is removed.</summary>
    Task<ParkedMessage?> NextAsync(Sequence sequence, CancellationToken cancellationToken);

    /// <summary>Removes a message that was processed.</summary>
    Task RemoveAsync(ParkedMessage message, CancellationToken cancellationToken);

    /// <summary>Sequences in which a message's turn has come and nobody has processed it, because its instance ended or a person decided.</summary>
    Task<IReadOnlyList<Sequence>> ReadyAsync(string endpoint, string topic, CancellationToken cancellationToken);

    /// <summary>Messages that a person wants to be tried again, or whose <see cref="ParkedMessage.RetryAt"/> has come, in the order of their versions.</summary>
    Task<IReadOnlyList<ParkedMessage>> RetriesAsync(string endpoint, string topic, CancellationToken cancellationToken);

    /// <summary>Goes on behind a gap.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="policy"><see cref="GapPolicy.Apply"/>: up to the first message that waits. <see cref="GapPolicy.Skip"/>: behind it.</param>
    /// <param name="version">The message that wants its turn, if it does not wait itself.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The version of the message that the sequence has gone up to, or behind; <see langword="null"/> when nothing waits.</returns>
    Task<long?> GiveUpAsync(Sequence sequence, GapPolicy policy, long? version, CancellationToken cancellationToken);

    /// <summary>
    /// Does what <see cref="SequenceOptions.OnGap"/> says with messages whose deadline is over; to each once. Behind a message that failed they wait on: a person decides.
    /// </summary>
    Task<IReadOnlyList<OverdueGap>> ExpireAsync(string endpoint, string topic, CancellationToken cancellationToken);
}
