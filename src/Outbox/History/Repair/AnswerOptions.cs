using System.ComponentModel.DataAnnotations;

namespace Outbox.History.Repair;

/// <summary>How the owner of a topic answers those that have missed versions.</summary>
public sealed class AnswerOptions
{
    /// <summary>The most versions that one answer puts back; the endpoint asks for the rest again.</summary>
    /// <value>The default value is 1,000.</value>
    [Between(1, 10_000)]
    public int MaxVersions { get; set; } = 1_000;

    /// <summary>The most versions of the topic that all instances together put back in a minute. Who asks for more waits, in Kafka.</summary>
    /// <value>The default value is 600.</value>
    [Between(1, 10_000_000)]
    public int PerMinute { get; set; } = 600;

    /// <summary>
    /// How many events a second are published for a service that asks for the whole history (<c>IHistoryRequests.AskAsync</c>), by the one instance that does. They do not count as answers.
    /// </summary>
    /// <value>The default is that no history is given away whole: who asks for it is refused.</value>
    [Between(1, 1_000_000)]
    public int? ReplayPerSecond { get; set; }

    internal void Check(string topic)
    {
        var errors = new List<ValidationResult>();
        if (!Validator.TryValidateObject(this, new ValidationContext(this), errors, validateAllProperties: true))
        {
            throw new OutboxConfigurationException($"t.AnswerGaps of topic '{topic}': {string.Join(' ', errors.Select(error => error.ErrorMessage))}");
        }
    }
}
