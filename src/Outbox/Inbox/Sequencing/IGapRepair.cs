namespace Outbox.Inbox.Sequencing;

/// <summary>Asks the owners of topics for versions that did not come, and takes in what they answer beside the versions themselves.</summary>
public interface IGapRepair
{
    /// <summary>
    /// Asks for gaps that are older than <see cref="SequenceOptions.AskOwner"/>: of each entity for its first one, of a limited number of entities. The sequence's mark and the command are one
    /// transaction, so that instances that do it at the same moment ask once.
    /// </summary>
    /// <returns>What was asked for now.</returns>
    Task<IReadOnlyList<AskedGap>> AskAsync(string endpoint, string topic, CancellationToken cancellationToken);

    /// <summary>Steps over versions that the owner does not have, if it was asked for them and it is their turn.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="from">The first version that is not there.</param>
    /// <param name="to">The last.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Whether it did.</returns>
    Task<bool> StepOverAsync(Sequence sequence, long from, long to, CancellationToken cancellationToken);
}
