using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Outbox.Kafka.Installation;

/// <summary>Warns when Kafka keeps a topic's messages longer than the inbox remembers them: those that are delivered again after that are processed again.</summary>
internal sealed class RetentionCheck(ITopicAdmin admin, IOptions<OutboxOptions> options, TimeProvider time, ILogger<RetentionCheck> logger)
{
    /// <summary>For a topic that is made later, a right that is given, brokers that are down at the start.</summary>
    internal static readonly TimeSpan AskAgain = TimeSpan.FromMinutes(5);

    /// <summary>Asks the brokers for topics as they know them, until they have answered for each.</summary>
    public async Task RunAsync(string endpoint, IEnumerable<string> topics, CancellationToken stopping)
    {
        try
        {
            while ((topics = await UnansweredAsync(endpoint, topics, stopping).ConfigureAwait(false)).Any())
            {
                await Task.Delay(AskAgain, time, stopping).ConfigureAwait(false);
            }
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
            // The endpoint stops.
        }
    }

    private async Task<List<string>> UnansweredAsync(string endpoint, IEnumerable<string> topics, CancellationToken stopping)
    {
        var unanswered = new List<string>();
        foreach (var topic in topics)
        {
            try
            {
                if (await admin.RetentionAsync(topic, stopping).ConfigureAwait(false) is var kept && kept > options.Value.DuplicateDetectionWindow)
                {
                    logger.WindowTooShort(endpoint, topic, kept == TimeSpan.MaxValue ? "without end" : $"for {kept}", options.Value.DuplicateDetectionWindow);
                }
            }
            catch (Exception error) when (!stopping.IsCancellationRequested)
            {
                unanswered.Add(topic);
                logger.RetentionUnknown(error, topic, error.Message);
            }
        }

        return unanswered;
    }
}
