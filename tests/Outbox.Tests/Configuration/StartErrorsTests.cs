using System.Net;
using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.Core.Clusters;
using MongoDB.Driver.Core.Connections;
using MongoDB.Driver.Core.Servers;
using Outbox.MongoDb.Installation;

namespace Outbox.Tests.Configuration;

/// <summary>What real servers answer, as the driver throws it.</summary>
public sealed class StartErrorsTests
{
    private static readonly ConnectionId Connection = new(new ServerId(new ClusterId(1), new DnsEndPoint("db.example", 27017)));
    private static readonly IMongoDatabase Database = new MongoClient("mongodb://db.example").GetDatabase("orders");

    [Fact]
    public void Wrong_credentials_name_the_setting() =>
        Says(new MongoAuthenticationException(Connection, "Unable to authenticate using sasl protocol mechanism SCRAM-SHA-256."), "refused the user or password of Outbox:MongoDb:Connection");

    [Fact]
    public void Wrong_credentials_behind_a_connection_name_the_setting() => Says(
        new MongoConnectionException(Connection, "An exception occurred while opening a connection.", new MongoAuthenticationException(Connection, "Unable to authenticate.")),
        "refused the user or password of Outbox:MongoDb:Connection");

    [Fact]
    public void Missing_rights_name_the_roles_and_the_way_without_them()
    {
        var error = new MongoCommandException(
            Connection, "Command createIndexes failed: not authorized on orders.", new BsonDocument("createIndexes", "inbox"), new BsonDocument("code", 13));
        Says(error, "the role readWrite");
        Says(error, "services.OutboxMongoDbScript()");
        Says(error, "Outbox:MongoDb:Install to false");
    }

    [Fact]
    public void A_timeout_names_the_servers_and_the_setting() =>
        Says(new TimeoutException("A timeout occurred after 30000ms selecting a server."), "does not answer at db.example:27017; the address is Outbox:MongoDb:Connection");

    [Fact]
    public void What_says_enough_is_left_as_it_is() => Assert.Null(StartErrors.Explain(new OutboxConfigurationException("Enough."), Database));

    private static void Says(Exception error, string expected)
    {
        var explained = StartErrors.Explain(error, Database);
        Assert.Contains(expected, explained?.Message, StringComparison.Ordinal);
        Assert.Contains(error.Message, explained!.Message, StringComparison.Ordinal);
        Assert.Same(error, explained.InnerException);
    }
}
