using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Outbox.History.Projecting;
using Outbox.History.Projecting.Building;
using Outbox.History.Projecting.Registration;
using Outbox.Messages;
using Outbox.Versioning;

namespace Outbox.Tests.Configuration;

/// <summary>Projections that could not be built again, or not at all, are refused at start with what to write instead.</summary>
public sealed class ProjectionRuleTests
{
    [Fact]
    public void Two_folds_for_one_type_of_event() => Refused(o => o.Projection(new List(list => list.Twice())), "has two folds for Placed");

    [Fact]
    public void No_fold() => Refused(o => o.Projection(new List(_ => { })), "has no fold");

    [Fact]
    public void An_event_that_is_not_registered() => Refused(o => o.Projection(new List(list => list.Fold<Unknown>())), "folds Unknown, which is not registered");

    [Fact]
    public void A_command() => Refused(o => o.Projection(new List(list => list.Fold<Place>())), "which is a command");

    [Fact]
    public void Events_of_two_topics() => Refused(
        o => o.Projection(new List(list => list.Fold<Placed>().Fold<Called>())), "Make it two projections, and join their rows when you read");

    [Theory]
    [InlineData("Order List")]
    [InlineData("orders.v2")]
    [InlineData("")]
    public void A_name_that_cannot_be_a_collections(string name) => Refused(o => o.Projection(new List(list => list.Fold<Placed>(), name)), "use lower-case letters");

    [Fact]
    public void A_version_below_one() => Refused(o => o.Projection(new List(list => list.Fold<Placed>(), version: 0)), "Begin with 1");

    [Fact]
    public void Two_projections_of_one_name_and_version() => Refused(
        o =>
        {
            o.Projection(new List(list => list.Fold<Placed>()));
            o.Projection(new List(list => list.Fold<Placed>()));
        },
        "are both version 1 of projection 'list'");

    [Fact]
    public void Rows_of_one_type_in_two_projections() => Refused(
        o =>
        {
            o.Projection(new List(list => list.Fold<Placed>()));
            o.Projection(new List(list => list.Fold<Placed>(), "other"));
        },
        "Give each a type of its own");

    [Fact]
    public void A_rebuild_from_a_history_that_this_service_does_not_keep() => Refused(
        o => o.Projection(new List(list => list.Fold<Called>()), p => p.From = RebuildFrom.History), "set p.From = RebuildFrom.Kafka");

    [Fact]
    public void Inline_rows_without_history() => Refused(
        o => o.Projection(new List(list => list.Fold<Called>()), p => p.Inline = true), "call t.KeepHistory() on topic 'calls'");

    [Fact]
    public void A_topic_whose_versions_may_have_gaps() => Refused(
        o => o.Projection(new List(list => list.Fold<Called>())), "t.Ordering = MessageOrdering.Sequence");

    [Fact]
    public async Task No_Kafka_to_follow() => Assert.Contains(
        "Call o.UseKafka(…) inside AddOutbox", await Start.RefusedAsync(services => services.AddOutbox(o => Configure(o, kafka: false).Projection(new List(list => list.Fold<Placed>())))));

    [Fact]
    public async Task No_store() => Assert.Contains(
        "has nowhere to keep its rows. Call o.UseMongoDb(…)",
        await Start.RefusedAsync(services => services.AddOutbox(o =>
        {
            o.UseInMemory();
            o.Services.RemoveAll<IProjectionPages>();
            Configure(o, mongo: false, kafka: false).Projection(new List(list => list.Fold<Placed>()));
        })));

    [Fact]
    public void What_can_be_built_is_not_refused()
    {
        using var services = Services(o =>
        {
            Configure(o).Topic("sequence", t =>
            {
                t.Ordering = MessageOrdering.Sequence;
                t.Message<Unknown>();
            });
            o.Projection(new List(list => list.Fold<Placed>().Fold<Tombstone<Placed>>()));
            o.Projection(new List(list => list.Fold<Placed>(), version: 2), p => p.Inline = true);
            o.Projection<UnknownList>();
        });

        var all = services.GetRequiredService<ProjectionRegistry>().All;
        Assert.Equal(["list 1 History", "list 2 History", "unknown 1 Kafka"], all.Select(projection => $"{projection.Name} {projection.Version} {projection.From}"));
    }

    private static void Refused(Action<OutboxConfigurator> configure, string says)
    {
        var refused = Assert.Throws<OutboxConfigurationException>(() =>
        {
            using var services = Services(o => configure(Configure(o)));
            services.GetRequiredService<ProjectionRegistry>();
        });
        Assert.Contains(says, refused.Message);
    }

    private static ServiceProvider Services(Action<OutboxConfigurator> configure) => new ServiceCollection().AddOutbox(configure).BuildServiceProvider();

    private static OutboxConfigurator Configure(OutboxConfigurator o, bool kafka = true, bool mongo = true)
    {
        if (mongo)
        {
            o.UseMongoDb(m =>
            {
                m.Connection = "mongodb://localhost:1/?replicaSet=rs0";
                m.DatabaseName = "none";
            });
        }

        if (kafka)
        {
            o.UseKafka(k => k.BootstrapServers = "localhost:1");
        }

        o.Topic("orders", t =>
        {
            t.EntityType = "order";
            t.Message<Placed>();
            t.KeepHistory();
        });
        o.Topic("calls", t => t.Message<Called>());
        o.Commands("shop", t => t.Command<Place>());
        return o;
    }

    private sealed record Placed(string Id);

    private sealed record Called(string Id);

    private sealed record Unknown(string Id);

    private sealed record Place(string Id);

    private sealed record Row(string Id);

    private sealed record UnknownRow(string Id);

    private sealed class UnknownList : Projection<UnknownRow>
    {
        public UnknownList()
            : base("unknown", 1) => On<Unknown>((row, _) => row);
    }

    private sealed class List : Projection<Row>
    {
        public List(Action<List> configure, string name = "list", int version = 1)
            : base(name, version) => configure(this);

        public List Fold<T>()
            where T : class
        {
            On<T>((row, _) => row);
            return this;
        }

        public void Twice()
        {
            On<Placed>((row, _) => row);
            On<Placed>((row, _, _) => row);
        }
    }
}
