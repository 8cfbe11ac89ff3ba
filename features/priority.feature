Feature: Priority
  Of the jobs that are ready, a worker takes the most important first.

  Rule: Jobs run by priority, then by time, then in the order of enqueue

    Scenario: A lower number runs first
      Given the job "newsletter" is enqueued with priority 10
      And the job "receipt" is enqueued
      And the job "fraud check" is enqueued with priority -1
      When a worker starts that runs one job at a time
      Then the jobs run in the order "fraud check", "receipt", "newsletter"

    Scenario: Of one priority the earlier time runs first
      Given the job "due now" is enqueued
      And the job "due a minute ago" is enqueued for a minute earlier
      And the job "due an hour ago" is enqueued for an hour earlier
      When a worker starts that runs one job at a time
      Then the jobs run in the order "due an hour ago", "due a minute ago", "due now"

    Scenario: Of one time the first enqueued runs first
      Given the job "first" is enqueued
      And the job "second" is enqueued
      And the job "third" is enqueued
      When a worker starts that runs one job at a time
      Then the jobs run in the order "first", "second", "third"

    Scenario: Priority comes before time
      Given the job "unimportant, due an hour ago" is enqueued for an hour earlier
      And the job "important" is enqueued with priority -1
      When a worker starts that runs one job at a time
      Then the jobs run in the order "important", "unimportant, due an hour ago"

    Scenario: The jobs of a list run in the order of the list
      Given the jobs "first", "second", "third" are enqueued together
      When a worker starts that runs one job at a time
      Then the jobs run in the order "first", "second", "third"
