namespace Outbox.History.Repair;

/// <summary>Divides what a topic's owner may put back in a minute among its instances.</summary>
public interface IAnswerBudget
{
    /// <summary>Takes a share, as soon as there is one. What was taken and not used, after a crash, is lost for this minute.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="versions">How many versions are wanted.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<Grant> TakeAsync(AnsweredTopic topic, int versions, CancellationToken cancellationToken);
}
