using System.Net;
using MongoDB.Driver;
using MongoDB.Driver.Core.Clusters;
using MongoDB.Driver.Core.Connections;
using MongoDB.Driver.Core.Servers;
using Outbox.Integration.Tests.Servers;
using Outbox.MongoDb.Sessions;

namespace Outbox.Integration.Tests.Sessions;

/// <summary>Which errors of an operation say that nothing of it was sent.</summary>
[Trait("Broker", "none")]
public sealed class MongoErrorsTests
{
    [Theory]
    [InlineData(true, "")]
    [InlineData(true, "SystemOverloadedError", "RetryableError")]
    [InlineData(false, "RetryableWriteError")]
    [InlineData(false, "UnknownTransactionCommitResult")]
    public async Task A_connection_of_the_sessions_cluster_that_broke_before_a_command_was_sent(bool isUnsent, params string[] labels)
    {
        using var session = await SessionAsync();
        var error = Broken(session.Client.Cluster.ClusterId);
        foreach (var label in labels.Where(label => label.Length > 0))
        {
            error.AddErrorLabel(label);
        }

        Assert.Equal(isUnsent, MongoErrors.IsUnsent(error, session));
    }

    [Fact]
    public async Task Another_clusters_connection_is_none_of_the_transactions()
    {
        using var session = await SessionAsync();

        Assert.False(MongoErrors.IsUnsent(Broken(new ClusterId()), session));
    }

    [Fact]
    public async Task A_connection_that_breaks_while_it_is_authenticated_is_like_any_other_and_a_refused_user_is_not()
    {
        using var session = await SessionAsync();
        var connection = Broken(session.Client.Cluster.ClusterId).ConnectionId;
        var broken = new MongoAuthenticationException(connection, "Unable to authenticate.", Broken(session.Client.Cluster.ClusterId));
        var refused = new MongoAuthenticationException(connection, "Unable to authenticate.", new MongoCommandException(connection, "Authentication failed.", []));

        Assert.True(MongoErrors.IsUnsent(broken, session));
        Assert.True(MongoErrors.IsPassing(new MongoConnectionException(connection, "While opening.", broken)));
        Assert.False(MongoErrors.IsUnsent(refused, session));
        Assert.False(MongoErrors.IsPassing(new MongoConnectionException(connection, "While opening.", refused)));
    }

    private static async Task<IClientSessionHandle> SessionAsync() => await new MongoClient((await MongoDbServer.GetAsync()).ConnectionString).StartSessionAsync();

    private static MongoConnectionException Broken(ClusterId cluster) =>
        new(new ConnectionId(new ServerId(cluster, new IPEndPoint(IPAddress.Loopback, 27017))), "An exception occurred while opening a connection to the server.");
}
