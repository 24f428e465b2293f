using System.Text.Json;
using System.Text.Json.Serialization;
using Outbox.Capture;

namespace Outbox.Tests.Capture;

/// <summary>A message is published as what it is, or not at all.</summary>
public sealed class MessageTypeTests
{
    private record Animal(string Name);

    private sealed record Dog(string Name, string Breed) : Animal(Name);

    private sealed record Stray(string Name) : Animal(Name);

    [JsonDerivedType(typeof(Car), "car")]
    private record Vehicle(int Wheels);

    private sealed record Car(int Wheels, string Plate) : Vehicle(Wheels);

    private sealed record Bike(int Wheels, string Frame) : Vehicle(Wheels);

    private interface INamed
    {
        string Name { get; }
    }

    private sealed record Person(string Name) : INamed;

    private sealed record Employee(string Name, int Salary) : INamed;

    [Fact]
    public void An_object_whose_own_type_is_registered_is_that_whatever_its_variable_is()
    {
        Animal pet = new Dog("rex", "collie");
        var tx = Captures.Transaction(Captures.Registration<Animal>(), Captures.Registration<Dog>());

        tx.Publish(pet, "p1");

        Assert.Equal("dog", tx.Captured.Type);
        Assert.Equal("""{"breed":"collie","name":"rex"}""", tx.Captured.Payload);
    }

    [Fact]
    public void Neither_does_it_matter_that_its_variable_is_an_object()
    {
        var tx = Captures.Transaction(Captures.Registration<Dog>());

        tx.Publish<object>(new Dog("rex", "collie"), "p1");

        Assert.Equal("dog", tx.Captured.Type);
    }

    [Fact]
    public void What_the_registered_base_would_lose_is_refused()
    {
        Animal pet = new Dog("rex", "collie");

        var error = Captures.Transaction(Captures.Registration<Animal>()).Refused(tx => tx.Publish(pet, "p1"));

        Assert.Contains(typeof(Dog).FullName!, error, StringComparison.Ordinal);
        Assert.Contains(typeof(Animal).FullName!, error, StringComparison.Ordinal);
        Assert.Contains("breed would be lost", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_an_object_of_an_unregistered_type_the_error_names_that_type() =>
        Assert.Contains("t.Message<Dog>()", Captures.Transaction(Captures.Registration<Car>()).Refused(tx => tx.Publish<object>(new Dog("rex", "collie"), "p1")), StringComparison.Ordinal);

    [Fact]
    public void A_derived_type_that_adds_nothing_may_be_published_as_its_base()
    {
        var tx = Captures.Transaction(Captures.Registration<Animal>());

        tx.Publish<Animal>(new Stray("rex"), "p1");

        Assert.Equal(("animal", """{"name":"rex"}"""), (tx.Captured.Type, tx.Captured.Payload));
    }

    [Fact]
    public void A_polymorphic_type_takes_what_it_declares_and_nothing_else()
    {
        var tx = Captures.Transaction(Captures.Registration<Vehicle>());
        Assert.NotEmpty(tx.Refused(x => x.Publish<Vehicle>(new Bike(2, "steel"), "v1")));

        tx.Publish<Vehicle>(new Car(4, "ab 1"), "v1");

        Assert.Equal("""{"$type":"car","plate":"ab 1","wheels":4}""", tx.Captured.Payload);
    }

    [Fact]
    public void An_interface_takes_what_has_no_more_than_it_says()
    {
        var tx = Captures.Transaction(Captures.Registration<INamed>());
        Assert.Contains("salary would be lost", tx.Refused(x => x.Publish<INamed>(new Employee("ann", 1), "e1")), StringComparison.Ordinal);

        tx.Publish<INamed>(new Person("ann"), "e1");

        Assert.Equal("""{"name":"ann"}""", tx.Captured.Payload);
    }

    [Fact]
    public void A_type_that_is_given_stands_where_nothing_is_lost()
    {
        var tx = Captures.Transaction(Captures.Registration<Vehicle>(), Captures.Registration<Car>(), Captures.Registration<Animal>(), Captures.Registration<Dog>());
        Assert.Contains("breed would be lost", tx.Refused(x => x.Publish(new Dog("rex", "collie"), typeof(Animal), "p1")), StringComparison.Ordinal);
        Assert.Contains("it is none", tx.Refused(x => x.Publish(new Dog("rex", "collie"), typeof(Car), "p1")), StringComparison.Ordinal);
        Assert.Contains("is not registered", tx.Refused(x => x.Publish(new Dog("rex", "collie"), typeof(object), "p1")), StringComparison.Ordinal);

        tx.Publish(new Car(4, "ab 1"), typeof(Vehicle), "v1");

        Assert.Equal("vehicle", tx.Captured.Type);
    }

    [Fact]
    public void Null_is_no_tombstone()
    {
        var tx = Captures.Transaction(Captures.Registration<Dog>());
        foreach (var error in new[] { tx.Refused(x => x.Publish<Dog>(null!, "p1", 2)), tx.Refused(x => x.Publish(null!, typeof(Dog), "p1")), tx.Refused(x => x.Send<Dog>(null!, "p1")) })
        {
            Assert.Contains("PublishTombstone<Dog>", error, StringComparison.Ordinal);
        }

        tx.PublishTombstone(typeof(Dog), "p1", 2);

        Assert.Null(tx.Captured.Payload);
    }

    [Fact]
    public void A_transaction_of_somebody_elses_takes_calls_without_a_type_argument_too()
    {
        var seen = new Recording();
        IOutboxTransaction tx = seen;

        tx.Publish(new Dog("rex", "collie"), typeof(Animal), "p1", 2);
        tx.PublishTombstone(typeof(Dog), "p2");
        Assert.Throws<InvalidTimeZoneException>(() => tx.Send(new Dog("rex", "collie"), typeof(Dog), "p3"));

        Assert.Equal(["Animal p1 2", "no Dog p2 "], seen.Calls);
    }

    private sealed class Recording : IOutboxTransaction
    {
        public List<string> Calls { get; } = [];

        public void Publish<T>(T message, string entityId, long? version = null, MessageOptions? options = null)
            where T : class => Calls.Add($"{typeof(T).Name} {entityId} {version}");

        public void PublishTombstone<T>(string entityId, long? version = null, MessageOptions? options = null)
            where T : class => Calls.Add($"no {typeof(T).Name} {entityId} {version}");

        public void Send<T>(T message, string entityId, long? version = null, MessageOptions? options = null)
            where T : class => throw new InvalidTimeZoneException();
    }
}
