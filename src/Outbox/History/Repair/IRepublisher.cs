using Outbox.Capture;

namespace Outbox.History.Repair;

/// <summary>Puts kept events back into the outbox, for an endpoint that has missed them.</summary>
public interface IRepublisher
{
    /// <summary>
    /// Answers in a transaction. What is in the outbox, or parked there, is not put back: it comes by itself, or a person decides. What is not kept is answered with <see cref="VersionsVoid"/>.
    /// </summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="ask">What was asked for.</param>
    /// <param name="grant">What may be put back.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<GapAnswer> AnswerAsync(IOutboxTransaction transaction, AnsweredTopic topic, RepublishVersions ask, Grant grant, CancellationToken cancellationToken);
}
