using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Outbox.Operations.Errors;

namespace Outbox.Tests.Operations;

/// <summary>What makes errors one group.</summary>
public sealed class ErrorSignatureTests
{
    [Fact]
    public void Exceptions_of_one_place_are_one_group_whatever_they_say_and_whoever_wraps_them()
    {
        var first = ErrorSignature.Of(Caught(() => Book("order 1")));
        var wrapped = ErrorSignature.Of(Caught(() => Wrap("order 2")));

        Assert.Equal("InvalidOperationException in ErrorSignatureTests.Book", first.Title);
        Assert.Equal(first, wrapped);
        Assert.Matches("^[0-9a-f]{12}$", first.Group);
    }

    [Fact]
    public void Another_type_and_another_place_are_other_groups()
    {
        var booked = ErrorSignature.Of(Caught(() => Book("a")));

        Assert.NotEqual(booked.Group, ErrorSignature.Of(Caught(() => Ship("a"))).Group);
        Assert.NotEqual(booked.Group, ErrorSignature.Of(Caught(() => Pay())).Group);
    }

    [Fact]
    public async Task The_innermost_error_says_what_and_the_first_own_frame_where()
    {
        var signature = ErrorSignature.Of(await Assert.ThrowsAsync<HttpRequestException>(CallAsync));

        Assert.Equal("SocketException in ErrorSignatureTests.CallAsync", signature.Title);
    }

    [Fact]
    public void A_closure_and_a_state_machine_bear_the_name_of_their_method()
    {
        var amount = 3;
        Action closure = () => throw new TimeoutException($"{amount}");

        Assert.Equal("TimeoutException in ErrorSignatureTests.A_closure_and_a_state_machine_bear_the_name_of_their_method", ErrorSignature.Of(Caught(closure)).Title);
    }

    [Theory]
    [InlineData("Record of 1048588 bytes is larger than 1000012.", "Record of 2000 bytes is larger than 512.")]
    [InlineData("Topic 'orders' is not there", "Topic 'customers' is not there")]
    [InlineData("No entity 6f9619ff-8b86-d011-b42d-00cf4fc964ff", "No entity 00000000-8b86-d011-b42d-00cf4fc964aa")]
    [InlineData("order-4711 is locked", "order-4712 is locked")]
    [InlineData("timeout (5 s)\n   at Foo.Bar() line 3", "timeout (7.5 s)\n   at Foo.Baz() line 4")]
    public void Texts_that_differ_in_names_and_numbers_are_one_group(string one, string other) => Assert.Equal(ErrorSignature.Of(one), ErrorSignature.Of(other));

    [Theory]
    [InlineData("not authorised", "too large")]
    [InlineData("can't write", "won't write")]
    public void Texts_that_say_something_else_are_not(string one, string other) => Assert.NotEqual(ErrorSignature.Of(one).Group, ErrorSignature.Of(other).Group);

    [Fact]
    public void The_group_of_a_text_and_of_an_exception_is_the_same_in_every_version()
    {
        // Stored groups would fall apart.
        Assert.Equal(Golden.Text, ErrorSignature.Of("Topic 'orders' has 3 partitions").Group);
        Assert.Equal(Golden.Exception, ErrorSignature.Of(Caught(() => Book("a"))).Group);
    }

    [Fact]
    public void A_title_is_short_whole_characters_and_one_line()
    {
        var title = ErrorSignature.Of(new string('x', 5_000) + "\nmore").Title;

        Assert.Equal(201, title.Length);
        Assert.Equal("cut \uFFFD", ErrorSignature.Of("cut " + "😀"[..1]).Title);
        Assert.Equal("", ErrorSignature.Of("").Title);
    }

    private static Exception Caught(Action act) => Record.Exception(act)!;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Book(string what) => throw new InvalidOperationException($"{what} is wrong");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Ship(string what) => throw new InvalidOperationException($"{what} is wrong");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Pay() => throw new TimeoutException("too slow");

    private static void Wrap(string what)
    {
        try
        {
            Book(what);
        }
        catch (InvalidOperationException error)
        {
            throw new AggregateException("several", error);
        }
    }

    private static async Task CallAsync()
    {
        await Task.Yield();
        throw new HttpRequestException("no answer", new SocketException(111));
    }

    private static class Golden
    {
        public const string Text = "757ffd86e832";
        public const string Exception = "63377ba2aa31";
    }
}
