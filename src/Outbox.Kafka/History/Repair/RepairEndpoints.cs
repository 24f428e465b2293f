using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Outbox.History.Repair;
using Outbox.History.Replaying;
using Outbox.Messages.Registration;

namespace Outbox.Kafka.History.Repair;

/// <summary>The endpoints on which the owner of topics is asked for what others have missed. A rider adds them by itself; of several riders, the first.</summary>
internal sealed class RepairEndpoints(IEnumerable<AnsweredTopic> topics)
{
    /// <summary>What follows puts back at once is small; a wait for the next minute is cut short when a partition goes.</summary>
    private static readonly TimeSpan RevokeTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private int _taken;

    public void AddTo(IKafkaOutboxConfigurator rider, IServiceProvider services)
    {
        if (Interlocked.Exchange(ref _taken, 1) == 1)
        {
            return;
        }

        foreach (var topic in topics)
        {
            var name = RepairTopic.Of(topic.Topic);
            rider.TopicEndpoint(name, name, endpoint => Configure(endpoint, topic, services));
        }
    }

    private static void Configure(ITopicEndpointConfigurator endpoint, AnsweredTopic topic, IServiceProvider services)
    {
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Outbox.History");
        var metrics = services.GetRequiredService<RepairMetrics>();
        endpoint.PrefetchCount = 100;
        endpoint.ConcurrentMessageLimit = 1;
        endpoint.RevokeTimeout = RevokeTimeout;
        endpoint.UseFilter(new AnswerLimit(topic, services.GetRequiredService<IAnswerBudget>()));
        endpoint.UseMessageRetry(retry =>
        {
            retry.Handle<RepeatedElsewhereException>();
            retry.Interval(RepublishVersionsConsumer.MostPauses, Pause);
        });
        endpoint.Consumer(() => new RepublishVersionsConsumer(topic, services.GetRequiredService<IRepublisher>(), metrics, logger));
        endpoint.Consumer(() => new ReplayHistoryConsumer(topic, services.GetRequiredService<IHistoryReplayStore>(), services.GetRequiredService<TopicRegistry>(), logger));
    }
}
