using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Outbox.Kafka.Installation;

/// <summary>Warns when Kafka keeps a topic's messages longer than the inbox remembers them: those that are delivered again after that are processed again.</summary>
internal sealed class RetentionCheck(ITopicAdmin admin, IOptions<OutboxOptions> options, ILogger<RetentionCheck> logger)
{
    /// <summary>Asks the brokers for topics as they know them. One that may not be asked for, or is not there yet, is passed over.</summary>
    public async Task RunAsync(string endpoint, IEnumerable<string> topics, CancellationToken stopping)
    {
        foreach (var topic in topics)
        {
            try
            {
                if (await admin.RetentionAsync(topic, stopping).ConfigureAwait(false) is var kept && kept > options.Value.DuplicateDetectionWindow)
                {
                    logger.WindowTooShort(endpoint, topic, kept == TimeSpan.MaxValue ? "without end" : $"for {kept}", options.Value.DuplicateDetectionWindow);
                }
            }
            catch (TopicsUnavailableException error)
            {
                logger.RetentionUnknown(error, topic, error.Message);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
        }
    }
}
