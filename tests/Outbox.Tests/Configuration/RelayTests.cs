using Microsoft.Extensions.DependencyInjection;
using Outbox.Delivery;
using Outbox.Messages;
using Outbox.Messages.Registration;

namespace Outbox.Tests.Configuration;

public sealed class RelayTests
{
    [Fact]
    public void A_process_that_only_relays_follows_the_policies_of_the_topics_it_is_told()
    {
        using var services = new ServiceCollection().AddOutboxRelay(o => o.Topic("orders", t => t.OnParked = ParkedPolicy.Continue)).BuildServiceProvider();
        var topics = services.GetRequiredService<TopicRegistry>();

        Assert.Equal((ParkedPolicy.Continue, ParkedPolicy.HoldEntity), (topics.OnParked("orders"), topics.OnParked("shipments")));
        Assert.Empty(services.GetRequiredService<MessageRegistry>().All);
    }
}
