using MongoDB.Driver;
using Outbox.Integration.Tests.Servers;
using Outbox.MongoDb.Sessions;

namespace Outbox.Integration.Tests.Sessions;

[Trait("Broker", "none")]
public sealed class SessionRegistryTests
{
    [Fact]
    public async Task What_is_to_be_written_down_can_be_asked_while_other_transactions_begin()
    {
        var client = new MongoClient((await MongoDbServer.GetAsync()).ConnectionString);
        var sessions = await Task.WhenAll(Enumerable.Range(0, 2_000).Select(_ => client.StartSessionAsync()));
        var registry = new SessionRegistry(TimeProvider.System);

        var beginning = Task.Run(() => Parallel.ForEach(sessions, session => registry.Add(session)));
        while (!beginning.IsCompleted)
        {
            Assert.InRange(registry.Current().Count, 0, SessionRegistry.Most);
        }

        await beginning;
        Assert.Equal(SessionRegistry.Most, registry.Current().Count);
        Array.ForEach(sessions, session => session.Dispose());
    }
}
